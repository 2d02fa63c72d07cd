import { expect, test } from '@jest/globals';
import { parseShutdown, type ShutdownRequest } from '../../../sandbox/machine/shutdown-request.js';

const NOON = new Date(2026, 0, 1, 12, 0, 0);
const off = (afterMs: number): ShutdownRequest => ({ kind: 'schedule', action: 'power-off', afterMs });
const again = (afterMs: number): ShutdownRequest => ({ kind: 'schedule', action: 'reboot', afterMs });

test.each<[string, ShutdownRequest | undefined]>([
  ['shutdown -h +60', off(3_600_000)],
  ['shutdown -h 5', off(300_000)],
  ['shutdown +0', off(0)],
  ['shutdown', off(60_000)],
  ['shutdown --no-wall -P now going down', off(0)],
  ['shutdown -r now', again(0)],
  ['shutdown --reboot +1', again(60_000)],
  ['shutdown -h 13:30', off(5_400_000)],
  ['shutdown -h 11:00', off(23 * 3_600_000)],
  ['shutdown -h tomorrow', undefined],
  ['shutdown -c', { kind: 'cancel' }],
  ['poweroff', off(0)],
  ['halt -p', off(0)],
  ['reboot', again(0)],
])('"%s"', (line, wanted) => {
  expect(parseShutdown(line, NOON)).toEqual(wanted);
});
