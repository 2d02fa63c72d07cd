import type { LayerGraph } from '../graph/layer-graph.js';
import { groupBy } from '../lib/group-by.js';
import { createUndoStack } from '../lib/undo-stack.js';
import type { BuildPlan, PlanItem, VariantKey } from '../plan/build-plan.js';
import { canChain, type ChainLink } from './chain.js';
import type { BuildContext } from './context.js';
import { endOutlived } from './end-outlived.js';
import { isUnfinished, type LayerResult, type Leftover, type Outcome } from './outcome.js';
import { createTimeline } from './timeline.js';
import { unfinished } from './unfinished.js';
import { boundTo, unvalidatedParent, type UnvalidatedParent } from './unvalidated-parent.js';
import { usableImage } from './usable-image.js';
import { workOnLayer, type Lineages, type Standing } from './work-on-layer.js';

/** What the work on every layer of one Region is given. */
export type RegionContext = Omit<BuildContext, 'undo'>;

export interface Execution {
  readonly plan: BuildPlan;
  readonly graph: LayerGraph;
  readonly contextFor: (region: string) => RegionContext;
  /** The plan's reasons for an item, for the image's tag. */
  readonly reasonText: (item: PlanItem) => string;
  /** What the console shows as the image's name. */
  readonly displayName: (item: PlanItem) => string;
  /** Whether a child may begin on its parent's builder while the parent's image is being made. */
  readonly chain: boolean;
  /** Layers that are worked on at the same time. */
  readonly maxParallel: number;
  /** How much work hangs on each item; the item with most comes first. */
  readonly remaining: ReadonlyMap<VariantKey, number>;
  /** Once aborted, nothing new is begun. */
  readonly signal: AbortSignal;
  /** Told of each layer that fails, before the next one is begun. */
  readonly onFailed: (key: VariantKey) => void;
}

export interface Executed {
  readonly results: ReadonlyMap<VariantKey, LayerResult>;
  readonly leftovers: readonly Leftover[];
}

/**
 * Carries a plan out. Each layer starts when its parent's image can be launched; of those that could start, the one with
 * the longest way below it does. No image is made of it before its parent is validated. A failed layer blocks its
 * descendants and nothing else. Never throws for what happens to a layer: that is its outcome.
 */
export async function executePlan(execution: Execution): Promise<Executed> {
  const { plan, contextFor, signal } = execution;
  const leftovers: Leftover[] = [];
  const lineages: Lineages = new Map();
  const results = new Map<VariantKey, LayerResult>();
  const running = new Map<VariantKey, Promise<Outcome>>();
  /** Of those that are running, the ones whose image can be launched. */
  const launchable = new Map<VariantKey, UnvalidatedParent>();
  const endOutlivedOf = (items: readonly PlanItem[]): Promise<readonly PromiseSettledResult<readonly Leftover[]>[]> =>
    Promise.allSettled(
      [...groupBy(items, (item) => item.region)].map(([region, ofRegion]) => endOutlived(ofRegion, contextFor(region))),
    );
  const ofReused = endOutlivedOf(plan.items.filter(({ action }) => action.kind === 'reuse'));

  const settle = (item: PlanItem, result: Omit<LayerResult, 'key'>): void => {
    results.set(item.key, { key: item.key, ...result });
    contextFor(item.region).emit({ kind: 'outcome', key: item.key, outcome: result.outcome });
    if (result.outcome.kind === 'failed') execution.onFailed(item.key);
  };

  const work = async (item: PlanItem, on: Standing): Promise<Outcome> => {
    const context = contextFor(item.region);
    const undo = createUndoStack<Leftover>();
    const timeline = createTimeline(context.emit, context.clock);
    const layerContext = { ...context, undo, emit: timeline.emit };
    const outcome = await workOnLayer(
      { item, on, lineages, execution, timeline, offer, onLaunchable },
      on.kind === 'unvalidated' ? boundTo(on.parent, layerContext) : layerContext,
    );
    const [timings, steps] = [timeline.timings(), timeline.steps()];
    leftovers.push(...(await undo.run()));
    running.delete(item.key);
    launchable.delete(item.key);
    settle(item, { outcome, timings, steps });
    begin();
    return outcome;
  };

  const isIdle = ({ key }: PlanItem): boolean => !results.has(key) && !running.has(key);

  const parentOf = (item: PlanItem, imageId: string, link?: ChainLink): UnvalidatedParent | undefined => {
    const outcome = running.get(item.key);
    return outcome === undefined ? undefined : unvalidatedParent({ item, imageId, link }, outcome);
  };

  const onLaunchable = (item: PlanItem, imageId: string): void => {
    const parent = parentOf(item, imageId);
    if (parent !== undefined) launchable.set(item.key, parent);
    begin();
  };

  /** Begins a child on its parent's builder, if there is one that can. */
  const offer = (link: ChainLink): boolean => {
    const parent = parentOf(link.parent, link.imageId, link);
    if (!execution.chain || signal.aborted || parent === undefined || running.size >= execution.maxParallel)
      return false;
    const { placement } = contextFor(link.parent.region);
    const able = plan.items.filter((item) => isIdle(item) && canChain(item, link, placement));
    const [child] = longestFirst(
      able.map((item): Ready => ({ item, on: { kind: 'unvalidated', parent } })),
      execution.remaining,
    );
    if (child === undefined) return false;
    running.set(child.item.key, work(child.item, child.on));
    return true;
  };

  /** Begins what can begin. In topological order, so that what a settled parent means for its descendants is known in the same pass. */
  const begin = (): void => {
    const ready: Ready[] = [];
    for (const item of plan.items.filter(isIdle)) {
      const next = beforeWork(item, { results, launchable, signal });
      if (next.kind === 'settled') settle(item, { outcome: next.outcome, timings: [], steps: [] });
      if (next.kind === 'ready') ready.push({ item, on: next.on });
    }
    const free = Math.max(0, execution.maxParallel - running.size);
    for (const { item, on } of longestFirst(ready, execution.remaining).slice(0, free)) {
      running.set(item.key, work(item, on));
    }
  };

  begin();
  while (running.size > 0) await Promise.all(running.values());
  const blocked = plan.items.filter(({ key }) => results.get(key)?.outcome.kind === 'blocked');
  const ofBlocked = endOutlivedOf(signal.aborted ? [] : blocked);
  for (const ended of [...(await ofReused), ...(await ofBlocked)]) {
    if (ended.status === 'rejected') throw ended.reason;
    leftovers.push(...ended.value);
  }
  return { results: inPlanOrder(plan, results), leftovers };
}

interface Ready {
  readonly item: PlanItem;
  readonly on: Standing;
}

type Next =
  | { readonly kind: 'waiting' }
  | { readonly kind: 'settled'; readonly outcome: Outcome }
  | { readonly kind: 'ready'; readonly on: Standing };

interface Reached {
  readonly results: ReadonlyMap<VariantKey, LayerResult>;
  readonly launchable: ReadonlyMap<VariantKey, UnvalidatedParent>;
  readonly signal: AbortSignal;
}

/** Whether an item can start, and on which image, or what has become of it without any work. */
function beforeWork(item: PlanItem, { results, launchable, signal }: Reached): Next {
  if (item.action.kind === 'reuse') {
    const { imageId } = item.action.image;
    return { kind: 'settled', outcome: { kind: 'reused', imageId, validated: false, durationMs: 0 } };
  }
  const ended = (): Next => ({ kind: 'settled', outcome: unfinished(signal, { durationMs: 0 }) });
  if (item.action.kind !== 'build' || item.parent === undefined) {
    return signal.aborted ? ended() : { kind: 'ready', on: { kind: 'root' } };
  }
  const parent = results.get(item.parent);
  if (parent === undefined) {
    const unvalidated = launchable.get(item.parent);
    if (unvalidated === undefined || signal.aborted) return { kind: 'waiting' };
    return { kind: 'ready', on: { kind: 'unvalidated', parent: unvalidated } };
  }
  const imageId = usableImage(parent.outcome);
  if (imageId === undefined && !isUnfinished(parent.outcome)) {
    const by = parent.outcome.kind === 'blocked' ? parent.outcome.by : parent.key;
    return { kind: 'settled', outcome: { kind: 'blocked', by } };
  }
  if (imageId === undefined || signal.aborted) return ended();
  return { kind: 'ready', on: { kind: 'validated', imageId } };
}

function longestFirst(ready: readonly Ready[], remaining: ReadonlyMap<VariantKey, number>): readonly Ready[] {
  return ready.toSorted((a, b) => (remaining.get(b.item.key) ?? 0) - (remaining.get(a.item.key) ?? 0));
}

function inPlanOrder(
  { items }: BuildPlan,
  results: ReadonlyMap<VariantKey, LayerResult>,
): ReadonlyMap<VariantKey, LayerResult> {
  return new Map(
    items.flatMap(({ key }) => {
      const result = results.get(key);
      return result === undefined ? [] : [[key, result] as const];
    }),
  );
}
