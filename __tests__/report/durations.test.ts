import { expect, test } from '@jest/globals';
import { formatDuration, plural, spellDuration } from '../../src/report/durations.js';

test.each([
  [-5, '0.0 s'],
  [430, '0.4 s'],
  [9_949, '9.9 s'],
  [9_960, '10 s'],
  [42_400, '42 s'],
  [59_600, '1 m'],
  [432_000, '7 m 12 s'],
  [599_600, '10 m'],
  [2_460_000, '41 m'],
  [3_599_000, '1 h 00 m'],
  [4_200_000, '1 h 10 m'],
])('%d ms is written as %s', (ms, text) => {
  expect(formatDuration(ms)).toBe(text);
});

test.each([
  [0, '0 seconds'],
  [1_400, '1 second'],
  [99_000, '99 seconds'],
  [100_000, '2 minutes'],
  [4_200_000, '70 minutes'],
])('%d ms is spelled as %s', (ms, text) => {
  expect(spellDuration(ms)).toBe(text);
});

test('one is not many', () => {
  expect([0, 1, 2].map((count) => plural(count, 'layer'))).toEqual(['0 layers', '1 layer', '2 layers']);
});
