import { describe, expect, test } from '@jest/globals';
import type { Reason } from '../../src/plan/reason.js';
import { renderReason, renderReasons } from '../../src/report/reasons.js';

const HASH = '4f1c9a'.padEnd(64, '0');
const style = { now: Date.parse('2026-10-14T09:00:00Z'), quote: (literal: string) => `'${literal}'` };

test.each<[Reason, string]>([
  [{ kind: 'file-changed', path: 'templates/a.yml', role: 'template' }, "'templates/a.yml' changed"],
  [{ kind: 'file-changed', path: 'scripts/a.sh', role: 'script' }, "'scripts/a.sh' changed (script)"],
  [{ kind: 'file-changed', path: 'conf/a', role: 'input' }, "'conf/a' changed (input of a step)"],
  [{ kind: 'file-changed', path: 'tests/a.sh', role: 'check' }, "'tests/a.sh' changed (check)"],
  [{ kind: 'parent-affected', parent: 'base' }, "parent 'base' is affected"],
  [{ kind: 'no-image', templateHash: HASH }, "no image for hash '4f1c9a'"],
  [{ kind: 'image-failed', imageId: 'ami-1' }, "image 'ami-1' failed in EC2"],
  [{ kind: 'image-rejected', imageId: 'ami-1' }, "image 'ami-1' did not pass its checks"],
  [{ kind: 'rebuild-requested' }, 'a rebuild was requested'],
  [{ kind: 'parent-rebuilt', parent: 'base/arm64' }, "parent 'base' is rebuilt"],
  [{ kind: 'not-validated', imageId: 'ami-1' }, "image 'ami-1' has not passed its checks yet"],
  [{ kind: 'checks-changed', imageId: 'ami-1' }, "the checks changed since image 'ami-1' was checked"],
  [
    { kind: 'image-found', imageId: 'ami-1', templateHash: HASH, created: '2026-10-08T08:00:00Z' },
    "hash '4f1c9a' has an image, 6 d old",
  ],
  [{ kind: 'needed-by', child: 'app/x86_64' }, "needed by 'app'"],
])('the reason %j is said as "%s"', (reason, text) => {
  expect(renderReason(reason, style)).toBe(text);
});

describe('the age of an image', () => {
  const found = (created: string): string =>
    renderReason({ kind: 'image-found', imageId: 'ami-1', templateHash: HASH, created }, style);

  test.each([
    ['2026-10-14T08:59:18Z', ', 42 s old'],
    ['2026-10-14T08:31:00Z', ', 29 m old'],
    ['2026-10-13T10:00:00Z', ', 23 h old'],
    ['2026-10-13T09:00:00Z', ', 1 d old'],
    ['2026-10-14T09:00:05Z', ', 0 s old'],
    ['', ''],
  ])('made at "%s" reads "%s"', (created, age) => {
    expect(found(created)).toBe(`hash '4f1c9a' has an image${age}`);
  });
});

test('a parent that is rebuilt is not also said to be affected', () => {
  const affected: Reason = { kind: 'parent-affected', parent: 'base' };
  const rebuilt: Reason = { kind: 'parent-rebuilt', parent: 'base/x86_64' };
  const found: Reason = { kind: 'no-image', templateHash: HASH };
  expect(renderReasons([affected, rebuilt], style)).toBe("parent 'base' is rebuilt");
  expect(renderReasons([affected, found], style)).toBe("parent 'base' is affected; no image for hash '4f1c9a'");
});

test('more than three reasons are counted', () => {
  const changed = ['a', 'b', 'c', 'd', 'e'].map((path): Reason => ({ kind: 'file-changed', path, role: 'template' }));
  expect(renderReasons(changed.slice(0, 3), style)).toBe("'a' changed; 'b' changed; 'c' changed");
  expect(renderReasons(changed, style)).toBe("'a' changed; 'b' changed; 'c' changed; and 2 more");
});
