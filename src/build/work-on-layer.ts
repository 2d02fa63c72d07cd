import { ancestorsOf, nodeOf } from '../graph/walk.js';
import { rootOf, type RootImage } from '../images/tags.js';
import { Cancelled } from '../lib/batch-poll.js';
import type { PlanItem, VariantKey } from '../plan/build-plan.js';
import { variantKey } from '../plan/variant.js';
import { baseText } from '../template/base-text.js';
import { buildLayer } from './build-layer.js';
import { CloudFailure } from './cloud.js';
import type { BuildContext } from './context.js';
import { waitForImage } from './create-image.js';
import type { Execution } from './execute-plan.js';
import { LayerFailed } from './failed.js';
import type { Failure, Outcome, Phase } from './outcome.js';
import type { Timeline } from './timeline.js';
import { validateImage } from './validate-image.js';

/** The vendor images found in this run, by root variant. */
export type Roots = Map<VariantKey, RootImage>;

export interface LayerWork {
  readonly item: PlanItem;
  /** Undefined for a root layer, and where nothing is built. */
  readonly parentImageId: string | undefined;
  readonly roots: Roots;
  readonly execution: Execution;
  readonly timeline: Timeline;
}

/** Builds or only validates one layer, and says what became of it. What it acquired is undone by the caller. */
export async function workOnLayer(work: LayerWork, context: BuildContext): Promise<Outcome> {
  const { item, execution, timeline } = work;
  const { clock, signal } = context;
  const startedAt = clock.now();
  let imageId: string | undefined;
  try {
    if (signal.aborted) throw new Cancelled();
    imageId = item.action.kind === 'build' ? await build(work, context) : item.action.image.imageId;
    const snapshots = await waitForImage(item, imageId, context);
    const lineage = [item.node.layer.name, ...ancestorsOf(execution.graph, item.node.layer.name)];
    const nodes = lineage.map((name) => nodeOf(execution.graph, name));
    await validateImage({ item, imageId, snapshots, lineage: nodes }, context);
    const durationMs = clock.now() - startedAt;
    return item.action.kind === 'build'
      ? { kind: 'built', imageId, durationMs }
      : { kind: 'reused', imageId, validated: true, durationMs };
  } catch (error) {
    const durationMs = clock.now() - startedAt;
    if (error instanceof Cancelled) return { kind: 'cancelled', durationMs };
    return { kind: 'failed', failure: failureOf(error, timeline.timings().at(-1)?.phase), imageId, durationMs };
  }
}

async function build({ item, parentImageId, roots, execution }: LayerWork, context: BuildContext): Promise<string> {
  const root = await rootImageOf({ item, roots, execution }, context);
  return buildLayer(
    {
      item,
      parentImageId: parentImageId ?? root.imageId,
      root,
      reason: execution.reasonText(item),
      displayName: execution.displayName(item),
    },
    context,
  );
}

/** Looked up for a root layer; known from this run or from the ancestor's tags for every other. */
async function rootImageOf(
  { item, roots, execution }: Pick<LayerWork, 'item' | 'roots' | 'execution'>,
  { cloud }: BuildContext,
): Promise<RootImage> {
  const { parent: base } = item.node.layer;
  if (base.kind === 'base') {
    const imageId = await cloud.resolveBase(base.reference, item.architecture);
    const root = { imageId, reference: baseText(base.reference) };
    roots.set(item.key, root);
    return root;
  }
  const byKey = new Map(execution.plan.items.map((planned) => [planned.key, planned]));
  for (const name of ancestorsOf(execution.graph, item.node.layer.name)) {
    const key = variantKey(name, item.architecture);
    const found = roots.get(key);
    if (found !== undefined) return found;
    const planned = byKey.get(key);
    if (planned !== undefined && planned.action.kind !== 'build') return rootOf(planned.action.image);
  }
  throw new Error(`${item.key} is built on a parent that is not in the plan`);
}

/** What a caught error means for the layer. What is neither a failure nor AWS's is a bug; it still ends only this layer. */
function failureOf(error: unknown, phase: Phase = 'launch'): Failure {
  if (error instanceof LayerFailed) return error.failure;
  if (error instanceof CloudFailure)
    return { phase, message: error.message, fix: error.fix, step: undefined, logTail: [] };
  return {
    phase,
    message: `a bug in ami-layers: ${error instanceof Error ? error.message : String(error)}`,
    fix: 'please report it with the lines below.',
    step: undefined,
    logTail: error instanceof Error ? (error.stack ?? '').split('\n') : [],
  };
}
