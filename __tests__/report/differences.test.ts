import { expect, test } from '@jest/globals';
import type { PackageChange } from '../../src/images/manifest.js';
import { differenceLines, renderDifferences, summarize } from '../../src/report/differences.js';
import { because, built, imageId, plan, report, results } from './example-report.js';

const changed = (name: string, before: string, after: string): PackageChange => ({
  type: 'rpm',
  name,
  before: before === '' ? [] : [before],
  after: after === '' ? [] : [after],
});

test('changes are counted by what became of a package, and size is said where it is worth a word', () => {
  const all = [changed('new', '', '1'), changed('gone', '1', ''), changed('a', '1', '2'), changed('b', '1', '2')];
  const against = imageId('before');
  expect(summarize({ against, packages: all, bytes: 180_400_000 })).toBe('+1 −1 ~2, +180 MB');
  expect(summarize({ against, packages: all.slice(2) })).toBe('~2');
  expect(summarize({ against, packages: [], bytes: 400_000 })).toBe('same');
  expect(summarize({ against, packages: [], bytes: -2_340_000_000 })).toBe('−2.3 GB');
  expect(summarize({ against, bytes: 3_000_000 })).toBe('+3 MB');
  expect(summarize({ against, bytes: 3_000_000, uncompared: 'too-long' })).toBe('packages not compared, +3 MB');
});

test('where packages could not be compared, the table and the console say why', () => {
  const against = imageId('before');
  const told = report({
    plan: plan(
      { name: 'base', reasons: [because.template('base')] },
      { name: 'app', reasons: [because.template('app')] },
    ),
    results: results(['base/x86_64', built('base', 3)], ['app/x86_64', built('app', 3)]),
    differences: new Map([
      ['base/x86_64', { against, uncompared: 'too-old' }],
      ['app/x86_64', { against, uncompared: 'too-long', bytes: 3_000_000 }],
    ]),
  });
  expect(renderDifferences(told)?.split('\n').slice(2, 4)).toEqual([
    `| \`base\` | \`${against}\` | not compared: Systems Manager keeps the list of an image for 30 days |`,
    `| \`app\` | \`${against}\` | not compared: the list of one image is too long for an answer of Systems Manager |`,
  ]);
  expect(differenceLines(told)).toEqual([
    'base: packages not compared: Systems Manager keeps the list of an image for 30 days',
    `app: +3 MB against ${against}, which was latest; packages not compared: the list of one image is too long for an answer of Systems Manager`,
  ]);
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
