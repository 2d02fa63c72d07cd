import { describe, expect, test } from '@jest/globals';
import { estimatePlan, type EstimateInput } from '../../src/plan/estimate.js';
import { NO_HISTORY, remember } from '../../src/plan/history.js';
import type { Quote } from '../../src/plan/prices.js';
import { rent } from '../../src/plan/rent.js';
import { because, imageRecord, plan } from '../report/example-report.js';

const MINUTE = 60_000;
const HOURLY: Quote = { usd: 0.1, source: { market: 'on-demand', region: 'us-east-1', date: '2026-07-20' } };
const quotesOf = () => ({ builder: HOURLY, test: HOURLY });
const estimate = (input: Partial<EstimateInput> & Pick<EstimateInput, 'items'>) =>
  estimatePlan({ history: NO_HISTORY, earlier: [], quotesOf, maxParallel: 4, ...input });

describe('an estimate', () => {
  const { items } = plan(
    { name: 'base', reasons: [because.noImage('base')] },
    { name: 'app', parent: 'base', reasons: [because.parentRebuilt('base/x86_64')] },
    { name: 'tools', parent: 'base', reasons: [because.parentRebuilt('base/x86_64')] },
  );
  const phases = (name: string, steps: number) =>
    (
      [
        ['launch', 1],
        ['steps', steps],
        ['image', 2],
        ['validate', 1],
      ] as const
    ).map(([phase, minutes]) => ({
      key: `${name}/x86_64` as const,
      part: `phase ${phase}` as const,
      durationMs: minutes * MINUTE,
    }));

  test('is none where nothing like it was ever built, or nothing is to be done', () => {
    expect(estimate({ items })).toBeUndefined();
    expect(estimate({ items: [] })).toBeUndefined();
  });

  test('follows the longest chain, and pays builders and test instances for what they are up', () => {
    const history = remember(NO_HISTORY, [...phases('base', 6), ...phases('app', 16), ...phases('tools', 1)]);
    expect(estimate({ items, history })).toEqual({
      durationMs: (1 + 6 + 2 + 1 + (1 + 16 + 2 + 1)) * MINUTE,
      costUsd: expect.closeTo(rent({ ...machine, durationMs: (7 + 17 + 2 + 3) * MINUTE }) ?? 0, 6),
    });
    // One at a time: all of it.
    expect(estimate({ items, history, maxParallel: 1 })?.durationMs).toBe((10 + 20 + 5) * MINUTE);
  });
  const machine = { usdPerHour: 0.1, volumeGb: undefined };

  test('takes what earlier images say, and for a layer without one the usual', () => {
    const earlier = [{ ...imageRecord('base'), buildSeconds: 600 }];
    // Each: 10 minutes, and what is assumed for image and checks.
    expect(estimate({ items, earlier })?.durationMs).toBe(2 * (10 + 3) * MINUTE);
  });

  test('of a type without a price says the time only', () => {
    const history = remember(NO_HISTORY, phases('base', 6));
    const unknown = () => ({ builder: undefined, test: HOURLY });
    expect(estimate({ items, history, quotesOf: unknown })).toMatchObject({ costUsd: undefined });
  });
});
