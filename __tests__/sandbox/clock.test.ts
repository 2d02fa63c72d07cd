import { describe, expect, test } from '@jest/globals';
import { setTimeout as delay } from 'node:timers/promises';
import { makeClock, type ClockReading } from '../../sandbox/clock.js';

const HOUR_MS = 3_600_000;

describe('a clock', () => {
  test('that is moved does what falls due on the way at its own time and in order, what that brings about included', async () => {
    const clock = makeClock();
    const start = clock.now();
    const seen: [string, number][] = [];
    const note = (what: string): void => void seen.push([what, Math.round((clock.now() - start) / 1000)]);
    clock.after(2 * HOUR_MS, () => note('second'));
    clock.after(HOUR_MS, () => {
      note('first');
      void Promise.resolve().then(() => clock.after(HOUR_MS / 2, () => note('after the first')));
    });
    clock.after(4 * HOUR_MS, () => note('too late'));
    clock.after(HOUR_MS, () => note('cancelled')).cancel();
    await clock.advance(3 * HOUR_MS);
    expect(seen).toEqual([
      ['first', 3600],
      ['after the first', 5400],
      ['second', 7200],
    ]);
    expect(Math.round((clock.now() - start) / HOUR_MS)).toBe(3);
  });

  test('that is fast lets an hour pass in the time of its rate, also for what already waits', async () => {
    const clock = makeClock();
    const rung = new Promise<number>((resolve) => void clock.after(HOUR_MS, () => resolve(Date.now())));
    const start = Date.now();
    clock.setRate(HOUR_MS / 50);
    expect((await rung) - start).toBeGreaterThanOrEqual(49);
    expect(clock.rate()).toBe(72_000);
  });

  test('rings timers that setTimeout could not hold', async () => {
    const clock = makeClock({ rate: 1e9 });
    const days = 40;
    const start = clock.now();
    await new Promise<void>((resolve) => void clock.after(days * 24 * HOUR_MS, resolve));
    expect(clock.now() - start).toBeGreaterThanOrEqual(days * 24 * HOUR_MS);
  });

  test('goes on from where an earlier one stood, and never back', async () => {
    const readings: ClockReading[] = [];
    const first = makeClock({ onSet: (reading) => readings.push(reading) });
    await first.advance(HOUR_MS);
    await delay(5);
    const before = first.now();
    const second = makeClock({ earlier: readings.at(-1) });
    expect(second.now()).toBeGreaterThanOrEqual(before);
    expect(second.now() - before).toBeLessThan(HOUR_MS / 10);
  });

  test.each([0, -1, Number.NaN])('does not take the rate %p', (rate) => {
    expect(() => makeClock({ rate })).toThrow(`the clock's rate must be above 0, not ${rate}`);
  });
});
