import { describe, expect, test } from '@jest/globals';
import { makeThrottle, type ThrottledCall } from '../../sandbox/throttle.js';

const call = (operation: string, more: Partial<ThrottledCall> = {}): ThrottledCall => ({
  service: 'ec2',
  operation,
  region: 'us-west-2',
  account: '123456789012',
  parameters: {},
  ...more,
});

/** How many of 200 such calls at one moment are admitted. */
function burstOf(one: ThrottledCall): number {
  const throttle = makeThrottle(() => 0);
  throttle.set({ kind: 'on' });
  return Array.from({ length: 200 }, () => throttle.admits(one)).filter((isAdmitted) => isAdmitted).length;
}

describe('throttling', () => {
  test.each<[string, ThrottledCall, number]>([
    ['a launch', call('RunInstances'), 5],
    ['another change', call('CreateImage'), 50],
    ['tagging', call('CreateTags'), 100],
    ['a description of everything', call('DescribeInstances'), 50],
    ['a page of a description', call('DescribeInstances', { parameters: { MaxResults: 5 } }), 100],
    ['another query', call('GetConsoleOutput'), 100],
    ['a call of a service without published limits', call('SendCommand', { service: 'ssm' }), 200],
  ])('%s has AWS’s own bucket', (_what, one, burst) => {
    expect(burstOf(one)).toBe(burst);
  });

  test('fills buckets again as time goes by, one for each account and Region', () => {
    let now = 0;
    const throttle = makeThrottle(() => now);
    throttle.set({ kind: 'on', limits: { SendCommand: { burst: 2, perSecond: 1 } } });
    const send = call('SendCommand', { service: 'ssm' });
    const admitted = (): readonly boolean[] => [throttle.admits(send), throttle.admits(send), throttle.admits(send)];
    expect(admitted()).toEqual([true, true, false]);
    expect(throttle.admits({ ...send, region: 'eu-west-1' })).toBe(true);
    expect(throttle.admits({ ...send, account: '210987654321' })).toBe(true);
    now = 1000;
    expect(admitted()).toEqual([true, false, false]);
    now = 60_000;
    expect(admitted()).toEqual([true, true, false]);
  });

  test('admits everything while it is off', () => {
    const throttle = makeThrottle(() => 0);
    expect(Array.from({ length: 200 }, () => throttle.admits(call('RunInstances')))).not.toContain(false);
  });
});
