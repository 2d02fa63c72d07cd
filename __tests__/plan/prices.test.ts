import { describe, expect, test } from '@jest/globals';
import { PRICES_DATE, PRICES_REGION, USD_OF_LARGE } from '../../src/plan/on-demand-prices.js';
import { NO_PRICES, quote, sourcesOf, tabledPrice, type Machine, type Prices } from '../../src/plan/prices.js';
import { rent } from '../../src/plan/rent.js';

const HOUR_MS = 3_600_000;
const machine = (parts: Partial<Machine> = {}): Machine => ({
  instanceType: 'm7i.large',
  market: 'on-demand',
  region: 'eu-west-1',
  zone: undefined,
  ...parts,
});
const PRICES: Prices = {
  lists: [{ region: 'eu-west-1', date: '2026-11-20', usdPerHour: { 'm7i.large': 0.1124 } }],
  spot: [
    {
      region: 'eu-west-1',
      date: '2026-11-21',
      usdPerHour: { 'm7i.large': { 'eu-west-1a': 0.04, 'eu-west-1b': 0.06 } },
    },
  ],
};
const TABLE = { market: 'on-demand', region: PRICES_REGION, date: PRICES_DATE } as const;

describe('the table', () => {
  test.each([
    ['m7i.large', 0.1008],
    ['c7i.4xlarge', 0.714],
    ['t3.micro', 0.0104],
    ['g6.xlarge', 0.8048],
    ['g5.12xlarge', 5.672],
    ['c7i.metal-48xl', 8.568],
  ])('has %s', (type, usd) => {
    expect(tabledPrice(type)).toBeCloseTo(usd, 4);
  });

  test.each(['m99.large', 'm7i.gigantic', 'm7i', ''])('has no %p', (type) => {
    expect(tabledPrice(type)).toBeUndefined();
    expect(quote(machine({ instanceType: type }), PRICES)).toBeUndefined();
  });

  test('has a date, and families enough', () => {
    expect(PRICES_DATE).toMatch(/^20\d\d-\d\d-\d\d$/);
    expect(Object.keys(USD_OF_LARGE).length).toBeGreaterThan(100);
  });
});

describe('a price', () => {
  const listed = { usd: 0.1124, source: { market: 'on-demand', region: 'eu-west-1', date: '2026-11-20' } };
  const spot = { market: 'spot', region: 'eu-west-1', date: '2026-11-21' };

  test('is that of the Region’s list, or else of the table, and says so', () => {
    expect(quote(machine(), PRICES)).toEqual(listed);
    expect(quote(machine({ region: 'us-west-2' }), PRICES)).toEqual({ usd: 0.1008, source: TABLE });
    expect(quote(machine({ instanceType: 'c7i.large' }), PRICES)?.source).toEqual(TABLE);
  });

  test('on Spot is that of the zone, the mean of all where the zone is not known, and the list’s where Spot is not', () => {
    expect(quote(machine({ market: 'spot', zone: 'eu-west-1b' }), PRICES)).toEqual({ usd: 0.06, source: spot });
    expect(quote(machine({ market: 'spot' }), PRICES)).toEqual({ usd: 0.05, source: spot });
    expect(quote(machine({ market: 'spot', zone: 'eu-west-1c' }), PRICES)?.usd).toBe(0.05);
    expect(quote(machine({ market: 'spot' }), { ...PRICES, spot: [] })).toEqual(listed);
  });

  test('has a source that is named once', () => {
    const quotes = [machine(), machine({ market: 'spot' }), machine(), machine({ instanceType: 'm99.large' })];
    expect(sourcesOf(quotes.map((one) => quote(one, PRICES)))).toEqual([listed.source, spot]);
  });
});

test('an instance costs what it and its volume cost', () => {
  const hour = { usdPerHour: 0.1008, durationMs: HOUR_MS };
  expect(rent({ ...hour, volumeGb: undefined })).toBeCloseTo(0.1008 + (8 * 0.08) / 730, 6);
  expect(rent({ ...hour, volumeGb: 730 })).toBeCloseTo(0.1008 + 0.08, 6);
  expect(rent({ ...hour, usdPerHour: undefined, volumeGb: 8 })).toBeUndefined();
  expect(quote(machine(), NO_PRICES)?.usd).toBe(0.1008);
});
