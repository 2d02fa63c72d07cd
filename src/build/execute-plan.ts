import type { LayerGraph } from '../graph/layer-graph.js';
import { groupBy } from '../lib/group-by.js';
import { createUndoStack } from '../lib/undo-stack.js';
import type { BuildPlan, PlanItem, VariantKey } from '../plan/build-plan.js';
import { canChain, type Chained, type ChainLink } from './chain.js';
import type { BuildContext } from './context.js';
import { endOutlived } from './end-outlived.js';
import type { LayerResult, Leftover, Outcome } from './outcome.js';
import { createTimeline } from './timeline.js';
import { unfinished } from './unfinished.js';
import { usableImage } from './usable-image.js';
import { workOnLayer, type Roots } from './work-on-layer.js';

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
 * Carries a plan out. Each layer starts when its parent's image is validated; of those that could start, the one with
 * the longest way below it does. A failed one blocks its descendants and nothing else. Never throws for what happens to
 * a layer: that is its outcome.
 */
export async function executePlan(execution: Execution): Promise<Executed> {
  const { plan, contextFor, signal } = execution;
  const leftovers: Leftover[] = [];
  const roots: Roots = new Map();
  const results = new Map<VariantKey, LayerResult>();
  const running = new Map<VariantKey, Promise<void>>();
  const reused = groupBy(
    plan.items.filter(({ action }) => action.kind === 'reuse'),
    (item) => item.region,
  );
  const outlived = Promise.allSettled([...reused].map(([region, items]) => endOutlived(items, contextFor(region))));

  const settle = (item: PlanItem, result: Omit<LayerResult, 'key'>): void => {
    results.set(item.key, { key: item.key, ...result });
    contextFor(item.region).emit({ kind: 'outcome', key: item.key, outcome: result.outcome });
    if (result.outcome.kind === 'failed') execution.onFailed(item.key);
  };

  const work = async (item: PlanItem, parentImageId: string | undefined, chained?: Chained): Promise<void> => {
    const context = contextFor(item.region);
    const undo = createUndoStack<Leftover>();
    const timeline = createTimeline(context.emit, context.clock);
    const layerContext = { ...context, undo, emit: timeline.emit };
    const layer = { item, parentImageId, roots, execution, timeline, chained, offer };
    const outcome = await workOnLayer(layer, layerContext);
    const [timings, steps] = [timeline.timings(), timeline.steps()];
    leftovers.push(...(await undo.run()));
    running.delete(item.key);
    settle(item, { outcome, timings, steps });
  };

  /** Begins a child on its parent's builder, if there is one that can. */
  const offer = (link: ChainLink): boolean => {
    const { parent, imageId, instanceId } = link;
    const { placement, fleet } = contextFor(parent.region);
    const parentWork = running.get(parent.key);
    if (!execution.chain || signal.aborted || parentWork === undefined) return false;
    if (running.size >= execution.maxParallel) return false;
    const idle = plan.items.filter(({ key }) => !results.has(key) && !running.has(key));
    const able = idle.filter((item) => canChain(item, link, placement));
    const [child] = longestFirst(
      able.map((item) => ({ item, parentImageId: imageId })),
      execution.remaining,
    );
    if (child === undefined) return false;
    const parentOutcome = (): Outcome | undefined => results.get(parent.key)?.outcome;
    const parentSettled = async (): Promise<Outcome> => {
      await parentWork;
      return parentOutcome() ?? unfinished(signal, { durationMs: 0 });
    };
    running.set(child.item.key, work(child.item, imageId, { link, parentSettled, parentOutcome }));
    // Without a parent the child works for nothing: the end of its builder is its end.
    void parentSettled()
      .then((outcome) => (usableImage(outcome) === imageId ? undefined : fleet.end(instanceId)))
      .catch(() => undefined);
    return true;
  };

  for (;;) {
    // In topological order, so that what a settled parent means for its descendants is known in the same pass.
    const ready: Ready[] = [];
    for (const item of plan.items) {
      if (results.has(item.key) || running.has(item.key)) continue;
      const next = beforeWork(item, results, signal);
      if (next.kind === 'settled') settle(item, { outcome: next.outcome, timings: [], steps: [] });
      if (next.kind === 'ready') ready.push({ item, parentImageId: next.parentImageId });
    }
    const free = execution.maxParallel - running.size;
    for (const { item, parentImageId } of longestFirst(ready, execution.remaining).slice(0, free)) {
      running.set(item.key, work(item, parentImageId));
    }
    if (running.size === 0) break;
    await Promise.race(running.values());
  }
  for (const ended of await outlived) {
    if (ended.status === 'rejected') throw ended.reason;
    leftovers.push(...ended.value);
  }
  return { results: inPlanOrder(plan, results), leftovers };
}

interface Ready {
  readonly item: PlanItem;
  /** Undefined for a root layer, and where nothing is built. */
  readonly parentImageId: string | undefined;
}

type Next =
  | { readonly kind: 'waiting' }
  | { readonly kind: 'settled'; readonly outcome: Outcome }
  | { readonly kind: 'ready'; readonly parentImageId: string | undefined };

/** Whether an item can start, and on which image, or what has become of it without any work. */
function beforeWork(item: PlanItem, results: ReadonlyMap<VariantKey, LayerResult>, signal: AbortSignal): Next {
  if (item.action.kind === 'reuse') {
    const { imageId } = item.action.image;
    return { kind: 'settled', outcome: { kind: 'reused', imageId, validated: false, durationMs: 0 } };
  }
  const parent = item.action.kind === 'build' && item.parent !== undefined ? results.get(item.parent) : 'none';
  if (parent === undefined) return { kind: 'waiting' };
  const parentImageId = parent === 'none' ? undefined : usableImage(parent.outcome);
  if (parent !== 'none' && parentImageId === undefined && !isUnfinished(parent.outcome)) {
    const by = parent.outcome.kind === 'blocked' ? parent.outcome.by : parent.key;
    return { kind: 'settled', outcome: { kind: 'blocked', by } };
  }
  if (signal.aborted) return { kind: 'settled', outcome: unfinished(signal, { durationMs: 0 }) };
  return { kind: 'ready', parentImageId };
}

function longestFirst(ready: readonly Ready[], remaining: ReadonlyMap<VariantKey, number>): readonly Ready[] {
  return ready.toSorted((a, b) => (remaining.get(b.item.key) ?? 0) - (remaining.get(a.item.key) ?? 0));
}

function isUnfinished({ kind }: Outcome): boolean {
  return kind === 'cancelled' || kind === 'in-progress';
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
