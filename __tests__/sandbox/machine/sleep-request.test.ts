import { expect, test } from '@jest/globals';
import { parseSleep } from '../../../sandbox/machine/sleep-request.js';

test.each([
  ['sandbox-sleep 17 3600', { fifo: '/run/sandbox-sleep.17', ms: 3_600_000 }],
  ['sandbox-sleep 17 .5', { fifo: '/run/sandbox-sleep.17', ms: 500 }],
  ['sandbox-sleep 17 1.5', { fifo: '/run/sandbox-sleep.17', ms: 1_500 }],
  ['sandbox-sleep ../17 1', undefined],
  ['sandbox-sleep 17', undefined],
  ['shutdown -h +60', undefined],
])('"%s"', (line, wanted) => {
  expect(parseSleep(line)).toEqual(wanted);
});
