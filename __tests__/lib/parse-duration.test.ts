import { describe, expect, test } from '@jest/globals';
import { parseDuration } from '../../src/lib/parse-duration.js';

describe('a duration', () => {
  test.each([
    ['45s', 45_000],
    ['30m', 1_800_000],
    ['6h', 21_600_000],
    ['2d', 172_800_000],
  ])('%s is %d milliseconds', (text, ms) => {
    expect(parseDuration(text)).toBe(ms);
  });

  test.each(['', '0h', '6', 'h', '6 h', '-6h', '1.5h', '6w', '6hours', '1h30m', '9999999d', '6constructor'])(
    '"%s" is none',
    (text) => {
      expect(parseDuration(text)).toBeUndefined();
    },
  );
});
