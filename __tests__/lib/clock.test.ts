import { expect, test } from '@jest/globals';
import { systemClock } from '../../src/lib/clock.js';

test('a sleep that is longer than a timer can be does not end at once', async () => {
  const end = new AbortController();
  let isAwake = false;
  const sleep = systemClock.sleep(100 * 24 * 3_600_000, end.signal).then(() => (isAwake = true));
  await systemClock.sleep(20);
  expect(isAwake).toBe(false);
  end.abort();
  await sleep;
  expect(isAwake).toBe(true);
});
