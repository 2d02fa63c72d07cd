import { expect, test } from '@jest/globals';
import type { BuildEvent } from '../../src/build/events.js';
import { createHeartbeat } from '../../src/build/heartbeat.js';

test('a heartbeat says how far a thing is, where that is known', () => {
  const events: BuildEvent[] = [];
  let now = 0;
  const clock = { now: () => now, sleep: () => Promise.resolve() };
  const beat = createHeartbeat('app/x86_64', { clock, emit: (event) => events.push(event), history: {} });
  for (const reached of [undefined, '40 %', '80 %']) {
    now += 60_000;
    beat('ami-1 is pending', 'phase image', reached);
  }
  expect(events).toMatchObject([
    { detail: 'ami-1 is pending, 1 min' },
    { detail: 'ami-1 is pending (40 %), 2 min' },
    { detail: 'ami-1 is pending (80 %), 3 min' },
  ]);
});

test('once a minute a long wait says how long the part has gone on, and how long it usually takes', () => {
  const events: BuildEvent[] = [];
  let now = 0;
  const beat = createHeartbeat('app/x86_64', {
    clock: { now: () => now, sleep: () => Promise.resolve() },
    emit: (event) => events.push(event),
    history: {
      'app/x86_64 step install': [13, 15, 14].map((minutes) => minutes * 60_000),
      'app/x86_64 step tune': [9],
    },
  });
  const at = (seconds: number, what: string, name: string): void => {
    now = seconds * 1_000;
    beat(what, `step ${name}`);
  };
  at(0, '1 runs', 'download');
  at(59, '1 runs', 'download');
  at(60, '1 runs', 'download');
  at(90, '2 runs', 'install');
  at(120, '2 runs', 'install');
  at(150, '2 runs', 'install');
  at(810, '2 runs', 'install');
  at(820, '3 runs', 'tune');
  at(900, '3 runs', 'tune');
  expect(events.map((event) => (event.kind === 'waiting' ? event.detail : event.kind))).toEqual([
    '1 runs, 1 min',
    '2 runs, 1 min, usually 14 min',
    '2 runs, 12 min, usually 14 min',
    '3 runs, 1 min, usually 1 min',
  ]);
});
