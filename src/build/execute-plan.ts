import pLimit from 'p-limit';
import type { LayerGraph } from '../graph/layer-graph.js';
import { createUndoStack } from '../lib/undo-stack.js';
import type { BuildPlan, PlanItem, VariantKey } from '../plan/build-plan.js';
import type { BuildContext } from './context.js';
import type { LayerResult, Leftover, Outcome } from './outcome.js';
import { createTimeline } from './timeline.js';
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
  /** Layers that are worked on at the same time. */
  readonly maxParallel: number;
}

export interface Executed {
  readonly results: ReadonlyMap<VariantKey, LayerResult>;
  readonly leftovers: readonly Leftover[];
}

/**
 * Carries a plan out. Each layer starts when its parent's image is validated; a failed one blocks its descendants and
 * nothing else. Never throws for what happens to a layer: that is its outcome.
 */
export async function executePlan(execution: Execution): Promise<Executed> {
  const limit = pLimit(execution.maxParallel);
  const leftovers: Leftover[] = [];
  const roots: Roots = new Map();
  const started = new Map<VariantKey, Promise<LayerResult>>();

  const start = async (item: PlanItem, parent: Promise<LayerResult> | undefined): Promise<LayerResult> => {
    const context = execution.contextFor(item.region);
    const settled = beforeWork(item, item.action.kind === 'build' ? await parent : undefined);
    if ('outcome' in settled) {
      context.emit({ kind: 'outcome', key: item.key, outcome: settled.outcome });
      return { key: item.key, outcome: settled.outcome, timings: [] };
    }
    return limit(async () => {
      const undo = createUndoStack<Leftover>();
      const timeline = createTimeline(context.emit, context.clock);
      const { parentImageId } = settled;
      const layerContext = { ...context, undo, emit: timeline.emit };
      const outcome = await workOnLayer({ item, parentImageId, roots, execution, timeline }, layerContext);
      const timings = timeline.timings();
      leftovers.push(...(await undo.run()));
      context.emit({ kind: 'outcome', key: item.key, outcome });
      return { key: item.key, outcome, timings };
    });
  };

  for (const item of execution.plan.items) {
    started.set(item.key, start(item, item.parent === undefined ? undefined : started.get(item.parent)));
  }
  const results = await Promise.all(started.values());
  return { results: new Map(results.map((result) => [result.key, result])), leftovers };
}

/** The image of an outcome that children may build on: validated ones only. */
export function usableImage(outcome: Outcome): string | undefined {
  return outcome.kind === 'built' || outcome.kind === 'reused' ? outcome.imageId : undefined;
}

/** Whether there is work to do for an item once its parent is through, and on which image. */
function beforeWork(
  item: PlanItem,
  parent: LayerResult | undefined,
): { readonly outcome: Outcome } | { readonly parentImageId: string | undefined } {
  if (item.action.kind === 'reuse') {
    return { outcome: { kind: 'reused', imageId: item.action.image.imageId, validated: false, durationMs: 0 } };
  }
  if (parent === undefined) return { parentImageId: undefined };
  const parentImageId = usableImage(parent.outcome);
  if (parentImageId !== undefined) return { parentImageId };
  if (parent.outcome.kind === 'cancelled') return { outcome: { kind: 'cancelled', durationMs: 0 } };
  return { outcome: { kind: 'blocked', by: parent.outcome.kind === 'blocked' ? parent.outcome.by : parent.key } };
}
