import { expect, test } from '@jest/globals';
import { readdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLayerGroups } from '../../src/action/layer-groups.js';
import type { OnBuildEvent } from '../../src/build/events.js';
import type { Clock } from '../../src/lib/clock.js';
import { because, built, plan, reused } from '../report/example-report.js';

const clock: Clock = { now: () => Date.parse('2026-11-21T12:03:44Z'), sleep: () => Promise.resolve() };
const temp = mkdtempSync(join(tmpdir(), 'groups-'));

/** What is printed meanwhile. */
function printed(work: () => void): string {
  const write = process.stdout.write.bind(process.stdout);
  let text = '';
  process.stdout.write = (chunk: string | Uint8Array) => {
    text += String(chunk);
    return true;
  };
  try {
    work();
  } finally {
    process.stdout.write = write;
  }
  return text;
}

function output(group: OnBuildEvent, layer: string, text: string): void {
  group({ kind: 'output', key: `${layer}/x86_64`, text });
}

test('the whole log of a layer stands in one group when the layer is through', () => {
  const two = plan(
    { name: 'runtime', reasons: [because.noImage('runtime')] },
    { name: 'app', parent: 'runtime', reasons: [because.parentRebuilt('runtime/x86_64')] },
  );
  const group = createLayerGroups(two, { RUNNER_TEMP: temp }, clock);
  const all = printed(() => {
    output(group, 'runtime', 'one\n');
    output(group, 'app', '::error::mine\n');
    output(group, 'runtime', 'two\n');
    group({ kind: 'outcome', key: 'runtime/x86_64', outcome: built('runtime', 18) });
    expect(readdirSync(temp)).toHaveLength(1);
    group({ kind: 'outcome', key: 'app/x86_64', outcome: { kind: 'cancelled', durationMs: 60_000 } });
  });
  expect(all.split('\n')).toEqual([
    '::group::Log of runtime: built',
    '12:03:44   one',
    '12:03:44   two',
    expect.stringMatching(/^12:03:44 🔨 built ami-\w+ \(18 m\)$/),
    '::endgroup::',
    '::group::Log of app: cancelled',
    '12:03:44   ::error::mine',
    '12:03:44 ⏹️ cancelled (1 m)',
    '::endgroup::',
    '',
  ]);
  expect(readdirSync(temp)).toEqual([]);
});

test('a single layer’s lines are together already', () => {
  const one = plan(
    { name: 'runtime', action: 'reuse', reasons: [because.noImage('runtime')] },
    { name: 'app', parent: 'runtime', reasons: [because.noImage('app')] },
  );
  const group = createLayerGroups(one, { RUNNER_TEMP: temp }, clock);
  const all = printed(() => {
    group({ kind: 'outcome', key: 'runtime/x86_64', outcome: reused('runtime') });
    output(group, 'app', 'one\n');
    group({ kind: 'outcome', key: 'app/x86_64', outcome: built('app', 1) });
  });
  expect(all).toBe('');
  rmSync(temp, { recursive: true });
});
