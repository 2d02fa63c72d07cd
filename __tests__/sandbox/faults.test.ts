import { describe, expect, test } from '@jest/globals';
import {
  addFault,
  effectOf,
  lacksCapacity,
  mishapsOf,
  refusesKey,
  type Fault,
  type Faults,
} from '../../sandbox/faults.js';

function inForce(...all: readonly Fault[]): Faults {
  const faults: Faults = [];
  for (const fault of all) addFault(faults, fault);
  return faults;
}

describe('faults', () => {
  test('count the calls of their own operation, and the first that is due takes effect', () => {
    const faults = inForce(
      { kind: 'slow-answer', operation: 'RunInstances', call: 2, ms: 5 },
      { kind: 'drop-connection', operation: 'RunInstances', call: 'every', when: 'after' },
    );
    const kinds = ['RunInstances', 'DescribeImages', 'RunInstances', 'RunInstances'].map(
      (operation) => effectOf(faults, operation)?.kind,
    );
    expect(kinds).toEqual(['drop-connection', undefined, 'slow-answer', 'drop-connection']);
    expect(faults.map(({ seen }) => seen)).toEqual([3, 3]);
  });

  test('let several mishaps befall one instance', () => {
    const restart = { kind: 'mishap', on: 'command', afterMs: 0, mishap: { kind: 'agent-restart' } } as const;
    const faults = inForce(
      { ...restart, call: 1 },
      { ...restart, call: 'every' },
      { ...restart, call: 1, on: 'launch' },
    );
    expect([mishapsOf(faults, 'command').length, mishapsOf(faults, 'command').length]).toEqual([2, 1]);
  });

  test('of capacity are for a type, a zone and a market, or any', () => {
    const faults = inForce({ kind: 'capacity', zone: 'us-west-2a', market: 'spot' });
    const asked = { instanceType: 'm7i.large', zone: 'us-west-2a', market: 'spot' } as const;
    expect(lacksCapacity(faults, asked)).toBe(true);
    expect(lacksCapacity(faults, { ...asked, market: 'on-demand' })).toBe(false);
    expect(lacksCapacity(faults, { ...asked, zone: 'us-west-2b' })).toBe(false);
  });

  test('of credentials are for one key or all, and never for an unsigned request', () => {
    expect(refusesKey(inForce({ kind: 'expired-credentials' }), 'AKIAONE')).toBe(true);
    expect(refusesKey(inForce({ kind: 'expired-credentials', accessKeyId: 'AKIATWO' }), 'AKIAONE')).toBe(false);
    expect(refusesKey(inForce({ kind: 'expired-credentials' }), '')).toBe(false);
  });
});
