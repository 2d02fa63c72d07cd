import type { Placement } from '../build/context.js';
import { ANYWHERE, placesOf } from '../build/places.js';
import { storageOf } from '../build/spent.js';
import type { ImageRecord } from '../images/image-record.js';
import type { BuildPlan, PlanItem } from '../plan/build-plan.js';
import { estimatePlan, savedUsd, type QuotesOf } from '../plan/estimate.js';
import { NOTHING_KEPT, type Kept } from '../plan/kept.js';
import { NO_PRICES, quote, sourcesOf, type Machine, type Quote } from '../plan/prices.js';
import type { RunCost, RunReport } from '../report/run-report.js';
import { askPrices } from './ask-prices.js';
import type { BuildOptions, PlanOptions } from './options.js';
import type { Ports } from './ports.js';

export type OutlookOptions = PlanOptions & Partial<Pick<BuildOptions, 'placement' | 'maxParallel'>>;

/** What earlier runs and price lists say of a plan. It decides nothing. */
export interface Outlook {
  readonly kept: Kept;
  /** Images of what the layers to build were before. */
  readonly earlier: readonly ImageRecord[];
  readonly quoteOf: (machine: Machine) => Quote | undefined;
  readonly quotesOf: QuotesOf;
  readonly said: Pick<RunReport, 'expectedMs' | 'cost' | 'storage'>;
}

const USUAL_PARALLEL = 4;

/**
 * Asks earlier runs' images, and what those runs left in the cache, how long a plan takes, and AWS what instances cost;
 * nobody where nothing is to be done.
 */
export async function lookAhead(plan: BuildPlan, options: OutlookOptions, ports: Ports): Promise<Outlook> {
  const { placement = ANYWHERE, maxParallel = USUAL_PARALLEL, offline } = options;
  const { items } = plan;
  const worked = offline ? [] : items.filter(({ action }) => action.kind !== 'reuse');
  const [kept, earlier, prices] =
    worked.length > 0
      ? await Promise.all([
          ports.memory?.recall() ?? NOTHING_KEPT,
          earlierImages(plan, ports),
          askPrices(worked, placement, ports),
        ])
      : [NOTHING_KEPT, [], NO_PRICES];
  const quoteOf = (machine: Machine): Quote | undefined => quote(machine, prices);
  const quotesOf = (item: PlanItem): ReturnType<QuotesOf> => ({
    builder: quoteFirst(item, 'builder'),
    test: quoteFirst(item, 'test'),
  });
  const quoteFirst = (item: PlanItem, role: 'builder' | 'test'): Quote | undefined => {
    const [place] = placesOf(item, role, placement);
    return place === undefined ? undefined : quoteOf({ ...place, region: item.region, zone: undefined });
  };
  const estimate = offline
    ? undefined
    : estimatePlan({ items, history: kept.durations, earlier, quotesOf, maxParallel });
  const storage = storageOf(plan, new Map(), () => undefined);
  return {
    kept,
    earlier,
    quoteOf,
    quotesOf,
    said: {
      ...(estimate === undefined ? {} : { expectedMs: estimate.durationMs }),
      ...(storage === undefined ? {} : { storage }),
      cost: costs({
        costUsd: estimate?.costUsd,
        savedUsd: savedUsd(items, quotesOf),
        prices: sourcesOf(
          worked.flatMap((item) => {
            const { builder, test } = quotesOf(item);
            return item.action.kind === 'build' ? [builder, test] : [test];
          }),
        ),
        hourly: estimate === undefined ? hourlyOf(worked, placement, quotesOf) : undefined,
      }),
    },
  };
}

/** What an hour of each kind of builder costs, where nothing says how many hours it will be. */
function hourlyOf(items: readonly PlanItem[], placement: Placement, quotesOf: QuotesOf): RunCost['hourly'] {
  const built = items.filter(({ action }) => action.kind === 'build');
  const builders = built.flatMap((item) => {
    const [place] = placesOf(item, 'builder', placement);
    const usd = quotesOf(item).builder?.usd;
    return place === undefined || usd === undefined ? [] : [{ instanceType: place.instanceType, usd }];
  });
  return [...new Map(builders.map((builder) => [JSON.stringify(builder), builder])).values()];
}

/** Without those that are not known. */
export function costs(known: { readonly [Key in keyof RunCost]: RunCost[Key] | undefined }): RunCost {
  return Object.fromEntries(Object.entries(known).filter(([, value]) => value !== undefined && !isEmpty(value)));
}

function isEmpty(value: unknown): boolean {
  return Array.isArray(value) && value.length === 0;
}

/** A guess will do: where AWS does not answer there is none. */
async function earlierImages({ items }: BuildPlan, { cloudIn }: Ports): Promise<readonly ImageRecord[]> {
  const built = items.filter(({ action }) => action.kind === 'build');
  const regions = [...new Set(built.map(({ region }) => region))];
  const found = await Promise.allSettled(regions.map((region) => cloudIn(region).listImages({ latest: true })));
  return found.flatMap((answer) => (answer.status === 'fulfilled' ? answer.value : []));
}
