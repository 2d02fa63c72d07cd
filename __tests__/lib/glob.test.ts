import { describe, expect, test } from '@jest/globals';
import picomatch from 'picomatch';
import { makeGlob, matchesAny, MOST_STEPS, TooMuchToMatch } from '../../src/lib/glob.js';

describe.each([
  ['a.txt', ['a.txt'], ['b/a.txt', 'a.txtx', 'xa.txt']],
  ['*', ['a', '.a', 'a.b'], ['a/b']],
  ['conf/*', ['conf/a', 'conf/.a'], ['conf/a/b', 'conf']],
  ['conf/**', ['conf/a', 'conf/a/b', 'conf/.a/b'], ['conf', 'other/conf/a']],
  ['a/**/**', ['a/b', 'a/b/c'], ['a', 'b/a']],
  ['**/*.sh', ['a.sh', 'a/b.sh', 'a/.b/c.sh', '.sh'], ['a.shx', 'sh']],
  ['a/**/b', ['a/b', 'a/x/b', 'a/x/y/b'], ['ab', 'a/xb', 'a/b/c']],
  ['a**b', ['ab', 'axb'], ['a/b']],
  ['?.txt', ['a.txt'], ['ab.txt', '.txt', '/.txt']],
  ['[a-c]x', ['ax', 'cx'], ['dx', '-x']],
  ['[!a-c]x', ['dx', '-x'], ['ax', '/x']],
  ['[]x]', [']', 'x'], ['[]x]']],
  ['[[:digit:]_]', ['1', '_'], ['a', ':']],
  ['[a', ['[a'], ['a']],
  ['*.{yaml,yml}', ['a.yaml', 'b.yml'], ['a.y', 'a.yaml,yml']],
  ['{a/**,b}/c', ['a/c', 'a/x/c', 'b/c'], ['b/x/c']],
  ['{a,b{c,d}}', ['a', 'bc', 'bd'], ['b', 'abc']],
  ['x{1..12}', ['x1', 'x12', 'x9'], ['x0', 'x13', 'x01', 'x']],
  ['x{a..c}', ['xa', 'xc'], ['xd', 'x{a..c}']],
  ['{a}', ['{a}'], ['a']],
  ['{a', ['{a'], ['a']],
  ['(a|b)c', ['ac', 'bc'], ['c', '(a|b)c']],
  ['+(a|b)', ['a', 'abba'], ['', 'c', 'a/b']],
  ['*(ab)c', ['c', 'ababc'], ['abac']],
  ['?(a)b', ['b', 'ab'], ['aab']],
  ['!(a|b)', ['c', 'ab', 'aa'], ['a', 'b', 'c/d']],
  ['!(*.txt)', ['a.md'], ['a.txt']],
  ['conf/!(a).txt', ['conf/b.txt', 'conf/ab.txt'], ['conf/a.txt', 'b.txt']],
  ['\\*', ['*'], ['a', '\\*']],
])('%s', (pattern, matched, refused) => {
  const { matches } = makeGlob(pattern);
  test.each(matched)('matches %s', (path) => {
    expect(matches(path)).toBe(true);
  });
  test.each(refused)('does not match %s', (path) => {
    expect(matches(path)).toBe(false);
  });
});

/** Of the same numbers every time; a linear congruential generator (Numerical Recipes). */
function numbers(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

test('means what picomatch makes of it, for patterns and paths by the thousand', () => {
  const random = numbers(7);
  const pick = (from: readonly string[]): string => from[random(from.length)] ?? '';
  const some = (most: number, one: () => string): readonly string[] => Array.from({ length: 1 + random(most) }, one);
  const WORDS = ['a', 'b', 'ab', '*', 'a*', '*b', '?', '[ab]', '{a,b}', '{a*,?b}', '+(a|b)', '?(a)b', '@(a|ab)'];
  const segment = (): string => (random(3) === 0 ? '**' : some(2, () => pick(WORDS)).join(''));
  const name = (): string => some(2, () => pick(['a', 'b', '.'])).join('');
  const differing: string[] = [];
  let matching = 0;
  for (let round = 0; round < 1_000; round += 1) {
    // Behind a bracket, picomatch takes `?` for a regular expression's.
    const pattern = [...some(3, segment), pick(['a', 'b', '*'])].join('/').replaceAll(')?', ')');
    const expected = picomatch(pattern, { dot: true, posix: true });
    const { matches } = makeGlob(pattern);
    for (let tried = 0; tried < 10; tried += 1) {
      const path = [...some(3, name), pick(['a', 'b'])].join('/');
      // No file is called so.
      if (/(^|\/)\.+(\/|$)/.test(path)) continue;
      if (matches(path)) matching += 1;
      if (matches(path) !== expected(path)) differing.push(`${pattern} ${path} ${String(expected(path))}`);
    }
  }
  expect(differing).toEqual([]);
  expect(matching).toBeGreaterThan(200);
});

describe('hostile patterns', () => {
  const PATH = `${'a'.repeat(120)}/${'a'.repeat(250)}`;
  test.each([
    ['120 a’s and a star before each', '*a'.repeat(120)],
    ['stars without end', `${'*a'.repeat(200)}b`],
    ['globstars without end', `${'**/'.repeat(100)}b`],
    ['single characters and stars', '?*'.repeat(150)],
    ['a brace bomb', '{1..99999}'.repeat(40)],
    ['groups of groups', '{a,b}'.repeat(150)],
    ['braces inside of braces', `${'{a,'.repeat(150)}b${'}'.repeat(150)}`],
    ['brackets that stay open', '{(['.repeat(130)],
  ])('%s: the work is bounded by the lengths', (_name, pattern) => {
    const glob = makeGlob(pattern);
    glob.matches(PATH);
    expect(glob.steps()).toBeLessThan(pattern.length * PATH.length * 20);
  });

  test.each([
    ['nested repeats', `${'+('.repeat(60)}a${')'.repeat(60)}b`],
    ['repeats of repeats', `${'*(a|'.repeat(40)}a${')'.repeat(40)}b`],
    ['negations of negations', `${'!('.repeat(60)}a${')'.repeat(60)}b`],
  ])('%s: the work is bounded, with the square of the path', (_name, pattern) => {
    const glob = makeGlob(pattern);
    glob.matches(PATH);
    expect(glob.steps()).toBeLessThan(pattern.length * PATH.length ** 2);
  });

  test('what would be more is refused when it has cost its share', () => {
    const glob = makeGlob(`${'!('.repeat(100)}a${')'.repeat(100)}`);
    const asOftenAsNeeded = (): void => {
      for (let paths = 0; paths < 1_000; paths += 1) glob.matches('a'.repeat(1_000));
    };
    expect(asOftenAsNeeded).toThrow(TooMuchToMatch);
    expect(glob.steps()).toBeLessThan(MOST_STEPS * 1.01);
  });

  test('a pattern as long as a file is refused unread', () => {
    expect(() => makeGlob('*a'.repeat(125_000))).toThrow(
      'the pattern "*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a" is too much to match',
    );
    expect(() => matchesAny(['a', 'b'.repeat(1_001)])).toThrow(TooMuchToMatch);
  });
});

test.each([
  ['conf/slurm/*.conf', 'conf/slurm'],
  ['conf/slurm*/x', 'conf'],
  ['*.txt', ''],
  ['{a,b}/c', ''],
  ['a/b.txt', 'a'],
])('%s is looked for in "%s"', (pattern, folder) => {
  expect(makeGlob(pattern).folder).toBe(folder);
});
