import { expect, test } from '@jest/globals';
import { NO_HISTORY, remember, usualMs } from '../../src/plan/history.js';

test('of each part the last five times count, and the one in the middle is the usual one', () => {
  const key = 'app/x86_64';
  const times = [9, 100, 2, 3, 50, 4].map((durationMs) => ({ key, part: 'step install', durationMs }) as const);
  const learned = times.reduce((known, time) => remember(known, [time]), NO_HISTORY);
  expect(learned).toEqual({ 'app/x86_64 step install': [100, 2, 3, 50, 4] });
  expect(usualMs(learned, key, 'step install')).toBe(4);
  expect(usualMs(learned, key, 'step other')).toBeUndefined();
});

test('of very many parts, those that were measured longest ago are forgotten', () => {
  const measured = Array.from({ length: 5_000 }, (_, index) => ({
    key: `layer-${index}/x86_64` as const,
    part: 'phase image' as const,
    durationMs: index,
  }));
  const again = { ...measured[0]!, durationMs: 7 };
  const learned = remember(remember(NO_HISTORY, measured), [again, { ...again, part: 'phase stop' }]);
  expect(Object.keys(learned)).toHaveLength(5_000);
  expect(usualMs(learned, 'layer-0/x86_64', 'phase image')).toBe(7);
  expect(usualMs(learned, 'layer-1/x86_64', 'phase image')).toBeUndefined();
  expect(usualMs(learned, 'layer-2/x86_64', 'phase image')).toBe(2);
});
