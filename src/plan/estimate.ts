import type { ImageRecord } from '../images/image-record.js';
import { buildCostOf } from '../images/tags.js';
import type { PlanItem, VariantKey } from './build-plan.js';
import { usualMs, type History } from './history.js';
import type { Quote } from './prices.js';
import { rent } from './rent.js';
import { variantKey } from './variant.js';

/** What an hour of a variant's builder and test instance costs; undefined: not known. */
export interface Quotes {
  readonly builder: Quote | undefined;
  readonly test: Quote | undefined;
}

export type QuotesOf = (item: PlanItem) => Quotes;

/** How long the work on a variant keeps its instances, and everybody who waits. Milliseconds. */
export interface Times {
  readonly builderMs: number;
  readonly imageMs: number;
  readonly testMs: number;
}

export interface Estimate {
  /** Until the last image is validated. Milliseconds. */
  readonly durationMs: number;
  /** US dollars; undefined where the price of a type is not known. */
  readonly costUsd: number | undefined;
}

export const BUILDER_PHASES = ['launch', 'agent', 'deliver', 'steps', 'seal', 'stop'] as const;

/** Until something is known of a layer: a snapshot of a few GB, and a small instance with a few checks. */
const ASSUMED_IMAGE_MS = 90_000;
const ASSUMED_TEST_MS = 90_000;

export interface EstimateInput {
  readonly items: readonly PlanItem[];
  readonly history: History;
  /** Images of earlier versions of the layers. */
  readonly earlier: readonly ImageRecord[];
  readonly quotesOf: QuotesOf;
  readonly maxParallel: number;
}

/** What a plan takes; undefined where there is nothing to do, or nothing like it was ever built. */
export function estimatePlan(input: EstimateInput): Estimate | undefined {
  const { items, quotesOf, maxParallel } = input;
  const times = expectTimes(input);
  if (times === undefined || times.size === 0) return undefined;
  const worked = items.filter(({ key }) => times.has(key));
  const costs = worked.map((item) => costOf(item, times.get(item.key) ?? NO_TIME, quotesOf(item)));
  return { durationMs: makespan(worked, times, maxParallel), costUsd: sumOrUndefined(costs) };
}

/** What the work on one variant costs: its builder and its test instance, with their volumes. */
export function costOf(item: PlanItem, { builderMs, testMs }: Times, { builder, test }: Quotes): number | undefined {
  const { volumeGb } = item.node.layer.builder;
  return sumOrUndefined([
    rent({ usdPerHour: builder?.usd, durationMs: builderMs, volumeGb }),
    rent({ usdPerHour: test?.usd, durationMs: testMs, volumeGb }),
  ]);
}

/** What building the reused images again would cost; undefined where they do not say how long it took. */
export function savedUsd(items: readonly PlanItem[], quotesOf: QuotesOf): number | undefined {
  const costs = items.flatMap((item) => {
    if (item.action.kind !== 'reuse') return [];
    const { image } = item.action;
    if (image.buildSeconds === undefined) return [];
    const builderMs = image.buildSeconds * 1_000;
    return [buildCostOf(image) ?? costOf(item, { ...NO_TIME, builderMs }, quotesOf(item))];
  });
  return costs.length === 0 ? undefined : sumOrUndefined(costs);
}

const NO_TIME: Times = { builderMs: 0, imageMs: 0, testMs: 0 };

/** A layer of which nothing is known takes as long as the one in the middle. */
function expectTimes({ items, history, earlier }: EstimateInput): ReadonlyMap<VariantKey, Times> | undefined {
  const seconds = new Map<VariantKey, number>();
  for (const { layer, architecture, buildSeconds } of earlier) {
    if (buildSeconds !== undefined) seconds.set(variantKey(layer, architecture), buildSeconds);
  }
  const knownMs = (key: VariantKey): number | undefined => {
    const phases = BUILDER_PHASES.flatMap((phase) => usualMs(history, key, `phase ${phase}`) ?? []);
    const tagged = seconds.get(key);
    if (phases.length > 0) return phases.reduce((sum, ms) => sum + ms, 0);
    return tagged === undefined ? undefined : tagged * 1_000;
  };
  const worked = items.filter(({ action }) => action.kind !== 'reuse');
  const built = worked.filter(({ action }) => action.kind === 'build');
  const known = built.flatMap(({ key }) => knownMs(key) ?? []).sort((a, b) => a - b);
  const usual = known[Math.floor(known.length / 2)];
  if (built.length > 0 && usual === undefined) return undefined;
  return new Map(
    worked.map(({ key, action }): [VariantKey, Times] => {
      const isBuilt = action.kind === 'build';
      return [
        key,
        {
          builderMs: isBuilt ? (knownMs(key) ?? usual ?? 0) : 0,
          imageMs: isBuilt ? (usualMs(history, key, 'phase image') ?? ASSUMED_IMAGE_MS) : 0,
          testMs: usualMs(history, key, 'phase validate') ?? ASSUMED_TEST_MS,
        },
      ];
    }),
  );
}

/** The longest chain, or all of the work shared evenly, whichever is longer: no run is faster than that, and few much slower. */
function makespan(items: readonly PlanItem[], times: ReadonlyMap<VariantKey, Times>, maxParallel: number): number {
  const ends = new Map<VariantKey, number>();
  let work = 0;
  for (const { key, parent, action } of items) {
    const { builderMs, imageMs, testMs } = times.get(key) ?? NO_TIME;
    const own = builderMs + imageMs + testMs;
    const begins = parent === undefined || action.kind !== 'build' ? 0 : (ends.get(parent) ?? 0);
    ends.set(key, begins + own);
    work += own;
  }
  return Math.max(work / maxParallel, ...ends.values());
}

function sumOrUndefined(values: readonly (number | undefined)[]): number | undefined {
  return values.reduce<number | undefined>(
    (sum, value) => (sum === undefined || value === undefined ? undefined : sum + value),
    0,
  );
}
