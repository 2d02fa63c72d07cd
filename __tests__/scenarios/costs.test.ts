import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { MACHINE_ARCHITECTURE } from '../../sandbox/account.js';
import type { Fault } from '../../sandbox/faults.js';
import { createCloud } from '../../src/aws/create-cloud.js';
import { build } from '../../src/commands/build.js';
import { plan } from '../../src/commands/plan.js';
import type { Memory } from '../../src/commands/ports.js';
import { buildCostOf, storedOf } from '../../src/images/tags.js';
import type { ImageRecord } from '../../src/images/image-record.js';
import { systemClock, type Clock } from '../../src/lib/clock.js';
import { PRICES_DATE, PRICES_REGION } from '../../src/plan/on-demand-prices.js';
import { NOTHING_KEPT, type Kept } from '../../src/plan/kept.js';
import type { PriceList } from '../../src/plan/prices.js';
import { layerOf } from '../../src/plan/variant.js';
import type { RunReport } from '../../src/report/run-report.js';
import { callsOf, count } from './journal.js';
import { outcomes } from './outcomes.js';
import { openRig, optionsOf, REGION, type Project, type Rig } from './rig.js';

let rig: Rig;
let project: Project;
beforeAll(async () => {
  rig = await openRig();
  project = rig.project({
    'templates/base.yaml': 'builder: {spot: true}\nprovision: [{run: echo base}]\n',
    'templates/app.yaml': 'extends: base\nprovision: [{run: head -c 3M /dev/urandom >/var/app}]\n',
  });
});
afterAll(() => rig.close());
beforeEach(async () => {
  await rig.sandbox.control.reset();
  // The size of the operating system under all images is known once it was measured.
  await rig.sandbox.control.storage();
});
afterEach(() => rig.sandbox.control.clearFaults());

const MIB = 2 ** 20;

const DAY_MS = 86_400_000;
/** It is about noon in all of this, so that no day ends meanwhile. */
const NOON = Math.floor(Date.now() / DAY_MS) * DAY_MS + DAY_MS / 2;
const TODAY = new Date(NOON).toISOString().slice(0, 10);
const aheadMs = NOON - Date.now();
/** What is worth seconds of waiting is worth minutes here: the machine may be busy with other tests. */
const clock: Clock = {
  now: () => Date.now() + aheadMs,
  sleep: (ms, signal) => systemClock.sleep(ms < 1_000 ? ms : 30 * ms, signal),
};
const TABLE = { market: 'on-demand', region: PRICES_REGION, date: PRICES_DATE };

/** The root volume, for an hour. */
const VOLUME_USD = (8 * 0.08) / 730;

/** What an hour of a layer's builder cost, if all else was on demand. */
function hourlyOf({ results, cost }: RunReport, layer: string): number {
  const hours = (of: (name: string, phase: string) => boolean): number =>
    [...results.values()]
      .flatMap(({ key, timings }) => timings.filter(({ phase }) => phase !== 'image' && of(layerOf(key), phase)))
      .reduce((sum, { startedAt, endedAt }) => sum + endedAt - startedAt, 0) / 3_600_000;
  const own = (name: string, phase: string): boolean => name === layer && phase !== 'validate';
  const others = hours((name, phase) => !own(name, phase)) * (0.1 + VOLUME_USD);
  return ((cost?.costUsd ?? 0) - others) / hours(own);
}

async function imageOf(layer: string): Promise<ImageRecord> {
  const found = (await createCloud(REGION, {}).listImages()).find((image) => image.layer === layer);
  if (found === undefined) throw new Error(`there is no image of ${layer}`);
  return found;
}

const refused = (operation: string, code: string): Fault => ({
  kind: 'error',
  operation,
  call: 'every',
  code,
  message: 'You are not authorized.',
  status: 403,
});

test('a build costs what AWS says, Spot as Spot, and its images say what they add to what is stored', async () => {
  const { report, calls } = await project.build({ clock });
  expect(outcomes(report)).toEqual({ base: 'built', app: 'built' });
  expect(report.cost?.prices).toEqual([
    { market: 'spot', region: REGION, date: TODAY },
    { market: 'on-demand', region: REGION, date: TODAY },
  ]);
  const { GetProducts, DescribeSpotPriceHistory, DescribeSnapshots, ListChangedBlocks, CreateTags } = count(calls);
  expect({ GetProducts, DescribeSpotPriceHistory, DescribeSnapshots, ListChangedBlocks, CreateTags }).toEqual({
    GetProducts: 1,
    DescribeSpotPriceHistory: 1,
    DescribeSnapshots: 1,
    ListChangedBlocks: 1,
    CreateTags: 2,
  });
  expect(callsOf(calls, 'GetProducts')[0]?.region).toBe('us-east-1');

  const [base, app] = [await imageOf('base'), await imageOf('app')];
  // The sandbox takes 0.1 dollars an hour for an m7i.large, and three tenths of that on Spot in the first zone.
  expect(hourlyOf(report, 'base') - VOLUME_USD).toBeCloseTo(0.03, 4);
  // In whole seconds, of which a build takes at least one.
  const perHour = (image: ImageRecord): number => ((buildCostOf(image) ?? 0) * 3600) / (image.buildSeconds ?? 0);
  expect(perHour(base)).toBeLessThan(0.05);
  expect(perHour(app)).toBeGreaterThan(0.06);

  const stored = [storedOf(base), storedOf(app)];
  expect(stored).toEqual([
    { bytes: expect.any(Number), isExact: true },
    { bytes: expect.any(Number), isExact: true },
  ]);
  const [baseBytes = 0, appBytes = 0] = stored.map((one) => one?.bytes);
  expect(appBytes).toBeGreaterThanOrEqual(3 * MIB);
  expect(appBytes).toBeLessThan(100 * MIB);
  expect(baseBytes).toBeGreaterThan(appBytes);
  const storage = { images: 2, unknown: 0, bytes: baseBytes + appBytes, isExact: true };
  expect(report.storage).toEqual({ ...storage, newBytes: baseBytes + appBytes });

  const again = await project.build({ clock });
  expect(again.report.storage).toEqual({ ...storage, newBytes: 0 });
  expect(Object.keys(count(again.calls)).sort()).toEqual(['DescribeImages', 'DescribeInstances']);
});

test('where prices and blocks are refused, the build is the same, by the table and by whole sizes', async () => {
  await rig.sandbox.control.addFault(refused('GetProducts', 'AccessDeniedException'));
  await rig.sandbox.control.addFault(refused('DescribeSpotPriceHistory', 'UnauthorizedOperation'));
  await rig.sandbox.control.addFault(refused('ListChangedBlocks', 'AccessDeniedException'));
  const { report, calls } = await project.build({ clock });
  expect(outcomes(report)).toEqual({ base: 'built', app: 'built' });
  expect(report.warnings).toEqual([]);
  expect(report.cost?.prices).toEqual([TABLE]);
  expect(report.storage).toMatchObject({ images: 2, unknown: 0, isExact: false });
  expect(storedOf(await imageOf('base'))?.isExact).toBe(true);
  expect(storedOf(await imageOf('app'))).toEqual({ bytes: expect.any(Number), isExact: false });
  expect(count(calls)).toMatchObject({ GetProducts: 1, DescribeSpotPriceHistory: 1, ListChangedBlocks: 1 });

  await rig.sandbox.control.reset();
  await rig.sandbox.control.addFault(refused('DescribeSnapshots', 'UnauthorizedOperation'));
  const bases = { [`${REGION} ${MACHINE_ARCHITECTURE} al2023`]: [{ imageId: 'ami-0ld', since: '2026-10-30' }] };
  let kept: Partial<Kept> = {};
  const memory: Memory = {
    recall: () => Promise.resolve({ ...NOTHING_KEPT, bases }),
    keep: (part) => {
      kept = { ...kept, ...part };
    },
  };
  const only = optionsOf({ selection: { layers: ['base'] } });
  const without = await project.run((ports) => build(only, { ...ports, clock, memory }));
  expect(outcomes(without)).toEqual({ base: 'built' });
  expect(without.storage).toBeUndefined();
  expect(storedOf(await imageOf('base'))).toBeUndefined();

  const to = { imageId: (await imageOf('base')).baseAmi, since: TODAY };
  expect(without.baseMoves).toMatchObject([{ base: 'al2023', from: { imageId: 'ami-0ld' }, to }]);
  expect(Object.values(kept.bases ?? {})).toEqual([[{ imageId: 'ami-0ld', since: '2026-10-30' }, to]]);
});

test('an answer that is late is not waited for', async () => {
  await rig.sandbox.control.addFault({ kind: 'slow-answer', operation: 'GetProducts', call: 'every', ms: 60_000 });
  const hasty = { ...systemClock, sleep: (_ms: number, signal?: AbortSignal) => systemClock.sleep(300, signal) };
  const report = await project.run((ports) => plan(optionsOf(), { ...ports, clock: hasty }));
  expect(report.cost?.prices).toContainEqual(TABLE);
});

test('a price list is kept for a week; one that lacks a type is replaced', async () => {
  let kept: readonly PriceList[] = [];
  const planWith = (lists: readonly PriceList[]): ReturnType<Project['run']> =>
    project.run((ports) => {
      const memory: Memory = {
        recall: () => Promise.resolve({ ...NOTHING_KEPT, prices: lists }),
        keep: ({ prices = [] }) => {
          kept = prices;
        },
      };
      return plan(optionsOf(), { ...ports, clock, memory });
    });
  const daysAgo = (days: number): string => new Date(NOON - days * DAY_MS).toISOString().slice(0, 10);
  const asked = async (lists: readonly PriceList[]): Promise<number | undefined> =>
    count((await planWith(lists)).calls).GetProducts;

  expect(await asked([])).toBe(1);
  expect(kept).toEqual([
    {
      region: REGION,
      date: TODAY,
      usdPerHour: { 'm7i.large': 0.1, 'm6i.large': 0.1, 'm5.large': 0.1 },
    },
  ]);
  const [list] = kept;
  if (list === undefined) throw new Error('nothing was kept');
  const elsewhere = { ...list, region: 'eu-west-1' };
  expect(await asked([list])).toBeUndefined();
  expect(await asked([{ ...list, date: daysAgo(6) }])).toBeUndefined();
  expect(await asked([{ ...list, date: daysAgo(8) }, elsewhere])).toBe(1);
  expect(kept).toEqual([list, elsewhere]);
  expect(await asked([{ ...list, usdPerHour: { 'c7i.large': 0.08 } }])).toBe(1);
  expect(kept).toEqual([{ ...list, usdPerHour: { ...list.usdPerHour, 'c7i.large': 0.1 } }]);
});
