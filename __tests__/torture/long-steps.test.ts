import { expect, test } from '@jest/globals';
import { outliveCredentials, outliveRunner } from './long-steps.js';

// They hardly do anything but wait: at the same time.
test.concurrent('a step that is longer than the credentials live does not notice: the action renews them', async () => {
  const { problems } = await outliveCredentials({ minutes: 17, sessionSeconds: 900, rate: 80 });
  expect(problems).toEqual([]);
});

test.concurrent('a step whose runner is killed goes on, and the next run does not start it again', async () => {
  const { problems } = await outliveRunner({ minutes: 12, killedAtMinute: 4, sessionSeconds: 3600, rate: 80 });
  expect(problems).toEqual([]);
});
