import { createBill, type Bill } from '../build/bill.js';
import { executePlan } from '../build/execute-plan.js';
import { CloudFailure } from '../build/cloud.js';
import type { LayerResult } from '../build/outcome.js';
import { RunStopped, WaitedEnough } from '../build/run-stopped.js';
import { isTransient } from '../build/is-transient.js';
import { spentUsd, storageOf } from '../build/spent.js';
import { promote, type Promotion } from '../build/promote.js';
import { usableImage } from '../build/usable-image.js';
import type { Reuse } from '../images/trust.js';
import { InvalidInput } from '../diagnostics/diagnostic.js';
import { createPoller } from '../lib/batch-poll.js';
import { groupBy } from '../lib/group-by.js';
import { memoize } from '../lib/memoize.js';
import { observe } from '../plan/base-history.js';
import type { BuildPlan, PlanItem, VariantKey } from '../plan/build-plan.js';
import type { Kept } from '../plan/kept.js';
import type { Quotes, QuotesOf } from '../plan/estimate.js';
import { sourcesOf } from '../plan/prices.js';
import { remainingPaths } from '../plan/remaining-paths.js';
import { recordedSettings } from '../plan/recorded-settings.js';
import { renderReasons } from '../report/reasons.js';
import type { RunCost, RunReport } from '../report/run-report.js';
import { checkInstanceType } from './check-instance-type.js';
import { compareWithLatest } from './compare-with-latest.js';
import { decide } from './decide.js';
import { gatherLayers, type GatheredLayers } from './gather-layers.js';
import { costs, lookAhead } from './look-ahead.js';
import type { BuildOptions } from './options.js';
import type { Ports } from './ports.js';
import { regionContext } from './region-context.js';

/**
 * Plans, builds what has no usable image, validates, and promotes where it may. Throws `InvalidInput` before anything
 * is asked of AWS; what goes wrong with a layer is its outcome in the report.
 */
export async function build(options: BuildOptions, ports: Ports): Promise<RunReport> {
  const startedAt = ports.clock.now();
  const gathered = await gatherLayers(options, ports.workspace, ports.signal);
  checkDisplayName(options, gathered);
  checkInstanceType(options, gathered.graph);
  const plan = await decide(gathered, options, ports.cloudIn);
  const { kept, earlier, quoteOf, quotesOf, said } = await lookAhead(plan, options, ports);
  const bill = createBill(quoteOf);
  const planned = {
    run: ports.run,
    plan,
    startedAt,
    promoted: [],
    leftovers: [],
    warnings: recordedSettings(plan),
    results: new Map(),
    ...said,
  };
  await ports.onPlan({ ...planned, apiCalls: { ...ports.apiCalls }, finishedAt: ports.clock.now() });

  const { clock } = ports;
  const stop = new AbortController();
  const signal = AbortSignal.any([ports.signal, stop.signal]);
  const { maxWaitMs } = options;
  if (maxWaitMs !== undefined) void clock.sleep(maxWaitMs, signal).then(() => stop.abort(new WaitedEnough()));
  // One poller for all layers of all Regions: the number of requests does not grow with the layers.
  const poller = createPoller({ clock, signal, intervalMs: options.pollIntervalMs, isTransient });
  const { results, leftovers } = await executePlan({
    plan,
    graph: gathered.graph,
    contextFor: memoize((region: string) =>
      regionContext({ region, poller, signal, options, ports, history: kept.durations, bill }),
    ),
    reasonText: (item) => renderReasons(item.reasons, { now: ports.clock.now(), quote: (text) => text }),
    displayName: (item) => displayNameOf(item, options, gathered),
    chain: options.chain,
    maxParallel: options.maxParallel,
    remaining: remainingPaths(plan.items, earlier),
    signal,
    onFailed: (key) => {
      if (options.failFast) stop.abort(new RunStopped(key));
    },
  }).finally(() => stop.abort());
  const differences = await compareWithLatest({ run: ports.run, items: plan.items, results, latest: earlier }, ports);
  const { promoted, warnings } = options.promote
    ? await promoteAll(
        { plan, results, reuse: options.reuse, displayName: (item) => displayNameOf(item, options, gathered) },
        ports,
      )
    : { promoted: [], warnings: [] };
  return {
    ...planned,
    results,
    leftovers,
    promoted,
    differences,
    warnings: [...planned.warnings, ...warnings],
    ...accountFor({ plan, results, bill, quotesOf, planned: said.cost }),
    ...watchBases(kept, bill, ports),
    apiCalls: { ...ports.apiCalls },
    apiRepeats: { ...ports.apiRepeats },
    finishedAt: ports.clock.now(),
  };
}

/** What the bases of this run mean now, for later runs, and which of them mean another image than before. */
function watchBases(kept: Kept, bill: Bill, { memory, clock }: Ports): Pick<RunReport, 'baseMoves'> {
  const found = bill.bases();
  if (found.length === 0) return {};
  const { history, moves } = observe(kept.bases, found, new Date(clock.now()).toISOString().slice(0, 10));
  memory?.keep({ bases: history });
  return moves.length === 0 ? {} : { baseMoves: moves };
}

interface Account {
  readonly plan: BuildPlan;
  readonly results: ReadonlyMap<VariantKey, LayerResult>;
  readonly bill: Bill;
  readonly quotesOf: QuotesOf;
  readonly planned: RunCost | undefined;
}

/** What the run has cost, by the instances that it had, and what it leaves to be stored. */
function accountFor({ plan, results, bill, quotesOf, planned }: Account): Pick<RunReport, 'cost' | 'storage'> {
  const rented = (item: PlanItem): Quotes => ({
    builder: bill.latest(item.key, 'builder') ?? quotesOf(item).builder,
    test: bill.latest(item.key, 'test') ?? quotesOf(item).test,
  });
  const launched = plan.items.filter(({ key }) => (results.get(key)?.timings.length ?? 0) > 0);
  const storage = storageOf(plan, results, bill.storedOf);
  return {
    cost: costs({
      costUsd: spentUsd(plan, results, rented),
      savedUsd: planned?.savedUsd,
      prices: sourcesOf(launched.flatMap((item) => [rented(item).builder, rented(item).test])),
    }),
    ...(storage === undefined ? {} : { storage }),
  };
}

interface Promoting {
  readonly plan: BuildPlan;
  readonly results: ReadonlyMap<VariantKey, LayerResult>;
  readonly reuse: Reuse;
  readonly displayName: (item: PlanItem) => string;
}

async function promoteAll(
  { plan, results, reuse, displayName }: Promoting,
  ports: Ports,
): Promise<{ readonly promoted: readonly VariantKey[]; readonly warnings: readonly string[] }> {
  const promoted: VariantKey[] = [];
  const warnings: string[] = [];
  for (const [region, items] of groupBy(plan.items, (item) => item.region)) {
    const promotions = items.flatMap((item): Promotion[] => {
      const { key, templateHash, node } = item;
      const result = results.get(key);
      const imageId = result === undefined ? undefined : usableImage(result.outcome);
      if (imageId === undefined) return [];
      const { version, templatePath, tags: userTags } = node.layer;
      const saying = { displayName: displayName(item), version, templatePath, dataMounts: node.dataMounts, userTags };
      return [{ key, imageId, templateHash, saying }];
    });
    try {
      const { moved, refused } = await promote(promotions, ports.cloudIn(region), reuse);
      promoted.push(...moved);
      warnings.push(
        ...refused.map(
          ({ key, imageId }) =>
            `${imageId} did not become latest of ${key}: EC2 does not show it as an image to rely on. Fix: run it again.`,
        ),
      );
    } catch (error) {
      if (!(error instanceof CloudFailure)) throw error;
      warnings.push(`latest was not moved in ${region}: ${error.message}. Fix: ${error.fix}`);
    }
  }
  return { promoted, warnings };
}

function displayNameOf({ node }: PlanItem, { displayName }: BuildOptions, { targets }: GatheredLayers): string {
  const { name, tags } = node.layer;
  return (targets.has(name) ? displayName : undefined) ?? tags.Name ?? name;
}

function checkDisplayName({ displayName }: BuildOptions, { targets }: GatheredLayers): void {
  if (displayName === undefined || targets.size === 1) return;
  throw new InvalidInput([
    {
      code: 'bad-input',
      message: `--name "${displayName}" names one image, but ${targets.size} layers are selected`,
      fix: 'select one layer with --template or --layer, or leave --name out.',
    },
  ]);
}
