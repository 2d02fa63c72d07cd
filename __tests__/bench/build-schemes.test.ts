import { expect, test } from '@jest/globals';
import { GRAPHS } from '../../bench/build-graphs.js';
import { idealSeconds, rulesSeconds, scriptsSeconds, serialSeconds } from '../../bench/build-schemes.js';

test('three apps on a shared layer: 50 minutes once, 10 for the longest app, and what AWS takes', () => {
  const [launch, freeze, validation] = [35, 3, 55];
  expect(idealSeconds(GRAPHS.apps)).toBe(launch + 60 * 60 + freeze + 65 + validation);
  // Two layers: launch, steps, stop, image (of 6 and of 1 changed GB) of each, and the validation of the last.
  expect(rulesSeconds(GRAPHS.apps, false)).toBe(2 * 35 + 60 * 60 + 2 * 25 + 165 + 65 + 55);
  // Every wait is noticed 7.5 s late; a script per app does everything again and makes one large image.
  expect(scriptsSeconds(GRAPHS.apps)).toBe(3 * (35 + 60 * 60 + 25 + 185 + 3 * 7.5));
  expect(serialSeconds(GRAPHS.apps)).toBe(80 * 60 + 4 * (35 + 25 + 3 * 7.5) + 165 + 3 * 65);
});

test('on their parents’ builders, eight layers do not wait for each other’s images', () => {
  expect(rulesSeconds(GRAPHS.chain, true)).toBe(8 * (35 + 4 * 60 + 25) + 65 + 55);
  expect(rulesSeconds(GRAPHS.chain, false)).toBe(8 * (35 + 4 * 60 + 25 + 65) + 55);
});
