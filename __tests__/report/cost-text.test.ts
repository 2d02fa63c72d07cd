import { expect, test } from '@jest/globals';
import { renderCosts, renderHourly, renderSources } from '../../src/report/cost-text.js';
import { addUp, usdPerMonth } from '../../src/plan/storage.js';
import { allBuilt, planned } from './examples.js';

const MINE = { market: 'on-demand', region: 'us-west-2', date: '2026-11-21' } as const;
const TABLE = { market: 'on-demand', region: 'us-east-1', date: '2026-07-20' } as const;
const GIB = 2 ** 30;

test('sources of one place and day are named together', () => {
  expect(renderSources([MINE, TABLE, { ...MINE, market: 'spot' }])).toBe(
    'on-demand and Spot prices in us-west-2, 2026-11-21; on-demand prices in us-east-1, 2026-07-20',
  );
});

test('where nothing says how long a build takes, an hour has a price', () => {
  const hourly = [
    { instanceType: 'm6i.xlarge', usd: 0.192 },
    { instanceType: 'g6.xlarge', usd: 0.8048 },
  ];
  expect(renderHourly({ hourly, prices: [MINE] })).toBe(
    'An hour of building costs ≈ $0.19 on m6i.xlarge, ≈ $0.80 on g6.xlarge (on-demand prices in us-west-2, 2026-11-21).',
  );
  expect(renderHourly({})).toBe('');
});

test('images are added up, those that do not say are counted, and one that says too little makes it the least', () => {
  const image = (gib: number, isNew: boolean, isExact = true) => ({ stored: { bytes: gib * GIB, isExact }, isNew });
  expect(addUp([{ stored: undefined, isNew: true }])).toBeUndefined();
  const storage = addUp([image(4, false), image(2, true), { stored: undefined, isNew: false }]);
  expect(storage).toEqual({ images: 2, unknown: 1, bytes: 6 * GIB, newBytes: 2 * GIB, isExact: true });
  expect(addUp([image(4, false, false), image(2, true)])?.isExact).toBe(false);
  expect(usdPerMonth(10 * GIB)).toBeCloseTo(0.5, 6);
});

test('what a run leaves to be stored is said when it is done, not before', () => {
  const storage = { images: 4, unknown: 0, bytes: 6 * GIB, newBytes: 6 * GIB, isExact: true };
  expect(renderCosts({ ...allBuilt, storage })).toBe('Snapshots of 4 images: ≈ $0.30 a month, all of it new.');
  expect(renderCosts({ ...planned, storage })).toBe(
    'Estimated cost: ≈ $0.52 (on-demand prices in us-east-1, 2026-07-20).',
  );
});
