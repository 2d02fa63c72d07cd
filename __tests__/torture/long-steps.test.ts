import { expect, test } from '@jest/globals';
import { outliveCredentials } from './long-steps.js';

test('a step that is longer than the credentials live does not notice: the action renews them', async () => {
  const { problems } = await outliveCredentials({ minutes: 17, sessionSeconds: 900, rate: 80 });
  expect(problems).toEqual([]);
});
