import { expect, test } from '@jest/globals';
import type { PackageChange } from '../../src/images/manifest.js';
import { countChanges, renderDifferences } from '../../src/report/differences.js';
import { because, built, imageId, plan, report, results } from './example-report.js';

const changed = (name: string, before: string, after: string): PackageChange => ({
  type: 'rpm',
  name,
  before: before === '' ? [] : [before],
  after: after === '' ? [] : [after],
});

test('changes are counted by what became of a package', () => {
  const all = [changed('new', '', '1'), changed('gone', '1', ''), changed('a', '1', '2'), changed('b', '1', '2')];
  expect(countChanges(all)).toBe('+1 −1 ~2');
  expect(countChanges(all.slice(2))).toBe('~2');
  expect(countChanges([])).toBe('same');
});

test('however much is other, and whatever packages are called, what is said of an image stays small', () => {
  const hostile = changed(`<img src=x>@everyone|${'x'.repeat(500)}`, '1`|', '');
  const many = Array.from({ length: 1_000 }, (_, at) => changed(`package-${at}`, '1', '2'));
  const table = renderDifferences(
    report({
      plan: plan({ name: 'base', reasons: [because.template('base')] }),
      results: results(['base/x86_64', built('base', 3)]),
      differences: new Map([['base/x86_64', { against: imageId('before'), packages: [hostile, ...many] }]]),
    }),
  );
  expect(table).toContain('and 996 more changes');
  expect(table).not.toMatch(/<img|@everyone/);
  expect(table?.length).toBeLessThan(1_000);
});
