import { describe, expect, test } from '@jest/globals';
import { estimatePlan, type EstimateInput } from '../../src/plan/estimate.js';
import { NO_HISTORY, remember } from '../../src/plan/history.js';
import { PRICES_DATE, USD_OF_LARGE } from '../../src/plan/on-demand-prices.js';
import { pricePerHour, rent } from '../../src/plan/price.js';
import { because, imageRecord, plan } from '../report/example-report.js';

const MINUTE = 60_000;
const machinesOf = () => ({ builder: 'm7i.large', test: 'm7i.large' });
const estimate = (input: Partial<EstimateInput> & Pick<EstimateInput, 'items'>) =>
  estimatePlan({ history: NO_HISTORY, earlier: [], machinesOf, maxParallel: 4, ...input });

describe('a price', () => {
  test.each([
    ['m7i.large', 0.1008],
    ['c7i.4xlarge', 0.714],
    ['t3.micro', 0.0104],
    ['g6.xlarge', 0.8048],
    ['g5.12xlarge', 5.672],
    ['c7i.metal-48xl', 8.568],
  ])('of %s is that of the list', (type, usd) => {
    expect(pricePerHour(type)).toBeCloseTo(usd, 4);
  });

  test.each(['m99.large', 'm7i.gigantic', 'm7i', ''])('of %p is not known', (type) => {
    expect(pricePerHour(type)).toBeUndefined();
    expect(rent({ instanceType: type, durationMs: MINUTE, volumeGb: undefined })).toBeUndefined();
  });

  test('has a date, and families enough', () => {
    expect(PRICES_DATE).toMatch(/^20\d\d-\d\d-\d\d$/);
    expect(Object.keys(USD_OF_LARGE).length).toBeGreaterThan(100);
  });

  test('comes with that of the volume', () => {
    const hour = { instanceType: 'm7i.large', durationMs: 60 * MINUTE };
    expect(rent({ ...hour, volumeGb: undefined })).toBeCloseTo(0.1008 + (8 * 0.08) / 730, 6);
    expect(rent({ ...hour, volumeGb: 730 })).toBeCloseTo(0.1008 + 0.08, 6);
  });
});

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
  const machine = { instanceType: 'm7i.large', volumeGb: undefined };

  test('takes what earlier images say, and for a layer without one the usual', () => {
    const earlier = [{ ...imageRecord('base'), buildSeconds: 600 }];
    // Each: 10 minutes, and what is assumed for image and checks.
    expect(estimate({ items, earlier })?.durationMs).toBe(2 * (10 + 3) * MINUTE);
  });

  test('of a type without a price says the time only', () => {
    const history = remember(NO_HISTORY, phases('base', 6));
    const unknown = () => ({ builder: 'm99.large', test: 'm7i.large' });
    expect(estimate({ items, history, machinesOf: unknown })).toMatchObject({ costUsd: undefined });
  });
});
