import { everythingBelow, nodeOf } from '../graph/walk.js';
import type { Observer } from '../images/claim.js';
import type { InstanceRecord } from '../images/instance-record.js';
import { lineageOf, type Lineage } from '../images/tags.js';
import { Cancelled } from '../lib/batch-poll.js';
import type { PlanItem, VariantKey } from '../plan/build-plan.js';
import { baseText } from '../template/base-text.js';
import { buildLayer, trustOf, type Beginning } from './build-layer.js';
import type { ChainLink, HeldLink } from './chain.js';
import { ClaimLost, Outrun, ParentLost } from './claim-lost.js';
import { CloudFailure } from './cloud.js';
import type { BuildContext } from './context.js';
import { waitForImage } from './create-image.js';
import { leftoverOf, sayEnding } from './end-outlived.js';
import type { Execution } from './execute-plan.js';
import { failed, LayerFailed } from './failed.js';
import { followRun } from './follow-run.js';
import { nextMove, type Move, type Sought } from './next-move.js';
import type { Failure, Outcome, Phase } from './outcome.js';
import type { Timeline } from './timeline.js';
import { undoInstance } from './undo-instance.js';
import { unfinished } from './unfinished.js';
import { parentValidated, type UnvalidatedParent } from './unvalidated-parent.js';
import { validateImage } from './validate-image.js';

/** Of the images that this run has found or made, by variant: what their children inherit. */
export type Lineages = Map<VariantKey, Lineage>;

/** What a layer is built on. */
export type Standing =
  /** A vendor's image; or nothing is built. */
  | { readonly kind: 'root' }
  | { readonly kind: 'validated'; readonly imageId: string }
  | { readonly kind: 'unvalidated'; readonly parent: UnvalidatedParent };

export interface LayerWork {
  readonly item: PlanItem;
  readonly on: Standing;
  readonly lineages: Lineages;
  readonly execution: Execution;
  readonly timeline: Timeline;
  /** Asks for a child that goes on with this layer's builder; true when there is one. */
  readonly offer: (link: ChainLink) => boolean;
  /** Told of the layer's image as soon as instances can be launched from it. */
  readonly onLaunchable: (item: PlanItem, imageId: string) => void;
}

/**
 * Brings one layer to a validated image, from whatever earlier runs have left of it and beside whatever other runs do to
 * it, and says what became of it. What it acquired is undone by the caller.
 */
export async function workOnLayer(work: LayerWork, context: BuildContext): Promise<Outcome> {
  const startedAt = context.clock.now();
  const made: { imageId: string | undefined } = { imageId: undefined };
  let followed: string | undefined;
  const parent = work.on.kind === 'unvalidated' ? work.on.parent : undefined;
  const validated = (): Promise<void> => parentValidated(parent, work.item.key, context);
  let link = parent?.link === undefined ? undefined : hold(parent.link, context);
  try {
    for (;;) {
      if (context.signal.aborted) throw new Cancelled();
      const move = await lookAround(work, context);
      if (link !== undefined && move.kind !== 'build') {
        // Somebody has begun with it already: no need of the parent's builder, and no work before the parent is validated.
        link = undefined;
        await giveWay(work.item, context);
        await validated();
        continue;
      }
      if (move.kind === 'follow') {
        followed = move.instance.runId;
        await followRun(work.item, move.instance, soughtOf(work), context);
        continue;
      }
      try {
        const outcome = await makeMove(move, { ...work, made, link, validated }, context);
        const durationMs = context.clock.now() - startedAt;
        return outcome.kind === 'reused' && followed !== undefined
          ? { ...outcome, followed, durationMs }
          : { ...outcome, durationMs };
      } catch (error) {
        if (error instanceof ClaimLost) context.fleet.drop(error.instance.instanceId);
        else if (!(error instanceof Outrun)) throw error;
        link = undefined;
        await giveWay(work.item, context);
        await validated();
      }
    }
  } catch (error) {
    const durationMs = context.clock.now() - startedAt;
    const phase = work.timeline.timings().at(-1)?.phase;
    const own = error instanceof Cancelled || error instanceof ParentLost ? undefined : failureOf(error, phase);
    if (own !== undefined) await settled(validated);
    const verdict = parent?.verdict();
    if (verdict instanceof ParentLost) {
      return { kind: 'blocked', by: verdict.by, ...(own === undefined ? {} : { failure: own }) };
    }
    if (own === undefined) return unfinished(context.signal, { phase, followed, durationMs });
    return { kind: 'failed', failure: own, imageId: made.imageId, durationMs };
  }
}

/** A layer that fails on a parent whose checks are still running may fail because of it: what it is is known only then. */
async function settled(validated: () => Promise<void>): Promise<void> {
  try {
    await validated();
  } catch {
    // The verdict says it.
  }
}

/** What is sought: the image that the plan names, or the verdict on the one that it found. */
function soughtOf({ item, on }: Pick<LayerWork, 'item' | 'on'>): Sought {
  const { action, imageName, validationHash } = item;
  const image = action.kind === 'build' ? { name: imageName } : { imageId: action.image.imageId };
  return { image, parentImageId: parentImageOf(on), validationHash };
}

function parentImageOf(on: Standing): string | undefined {
  switch (on.kind) {
    case 'root':
      return undefined;
    case 'validated':
      return on.imageId;
    case 'unvalidated':
      return on.parent.imageId;
  }
}

function observerOf({ run, clock, staleAfterMs }: BuildContext): Observer {
  return { run, now: clock.now(), staleAfterMs };
}

async function lookAround(work: Pick<LayerWork, 'item' | 'on'>, context: BuildContext): Promise<Move> {
  return nextMove(await context.lookAt(work.item.templateHash), soughtOf(work), observerOf(context));
}

interface MoveWork extends LayerWork {
  /** For the outcome of a layer whose image is made, but whose checks fail. */
  readonly made: { imageId: string | undefined };
  /** The parent's builder, to go on with. */
  readonly link: HeldLink | undefined;
  /** Resolves when the parent is validated. */
  readonly validated: () => Promise<void>;
}

type Done = Extract<Outcome, { readonly kind: 'built' | 'reused' }>;

async function makeMove(
  move: Exclude<Move, { readonly kind: 'follow' }>,
  work: MoveWork,
  context: BuildContext,
): Promise<Done> {
  const { item } = work;
  switch (move.kind) {
    case 'reuse':
      bury(move.dead, item, context);
      work.lineages.set(item.key, lineageOf(move.image));
      return { kind: 'reused', imageId: move.image.imageId, validated: false, durationMs: 0 };
    case 'rejected':
      bury(move.dead, item, context);
      work.made.imageId = move.image.imageId;
      throw failed({
        phase: 'validate',
        message: `the checks of run ${move.image.runId} rejected ${move.image.imageId}`,
        fix: 'see that run; mend the layer or the check.',
      });
    case 'validate': {
      const { imageId, runId } = move.image;
      bury(move.dead, item, context);
      await validate(imageId, work, context);
      return runId === context.run.id && item.action.kind === 'build'
        ? { kind: 'built', imageId, durationMs: 0 }
        : { kind: 'reused', imageId, validated: true, durationMs: 0 };
    }
    case 'adopt':
    case 'build': {
      bury(move.dead, item, context);
      const imageId = await build(work, move.kind === 'adopt' ? move.builder : undefined, context);
      await validate(imageId, work, context);
      return { kind: 'built', imageId, durationMs: 0 };
    }
  }
}

async function validate(imageId: string, work: MoveWork, context: BuildContext): Promise<void> {
  const { item, execution, made } = work;
  made.imageId = imageId;
  const image = await waitForImage(item, imageId, context);
  work.lineages.set(item.key, lineageOf(image));
  work.onLaunchable(item, imageId);
  const lineage = [item.node.layer.name, ...everythingBelow(execution.graph, item.node.layer.name)];
  const nodes = lineage.map((name) => nodeOf(execution.graph, name));
  await validateImage({ item, image, nodes }, context);
}

async function build(work: MoveWork, adopted: InstanceRecord | undefined, context: BuildContext): Promise<string> {
  const { item, on, execution, lineages } = work;
  const lineage = await lineageBelow(work, adopted, context);
  const begin = beginningOf(work.link, adopted);
  // A child may begin as soon as the image is being made.
  lineages.set(item.key, { ...lineage, trust: trustOf({ begin, lineage }, context) });
  return buildLayer(
    {
      item,
      parentImageId: parentImageOf(on) ?? lineage.root.imageId,
      lineage,
      reason: execution.reasonText(item),
      displayName: execution.displayName(item),
      begin,
      mayPublish: work.validated,
      offer: work.offer,
    },
    context,
  );
}

function beginningOf(link: HeldLink | undefined, adopted: InstanceRecord | undefined): Beginning {
  if (link !== undefined) return { kind: 'continue', link };
  return adopted === undefined ? { kind: 'launch' } : { kind: 'adopt', builder: adopted };
}

/** The parent's builder is this layer's from now on: what it stands for ends with this layer. */
function hold(link: ChainLink, context: BuildContext): HeldLink {
  return { ...link, letGo: undoInstance(link.instanceId, 'builder', context) };
}

/** Ends what runs that are gone have left of a layer, when the work on the layer is through. */
function bury(dead: readonly InstanceRecord[], item: PlanItem, context: BuildContext): void {
  const { fleet, undo, cloud } = context;
  for (const one of dead) {
    sayEnding(item, one, context);
    undo.add(
      () => fleet.end(one.instanceId),
      (error) => leftoverOf(one.instanceId, cloud.region, error),
    );
  }
}

/** Ends what this run has acquired for the layer: another run is at it. */
async function giveWay(item: PlanItem, { undo, emit }: BuildContext): Promise<void> {
  for (const { id, why } of await undo.run()) {
    emit({ kind: 'warning', key: item.key, message: `${id} could not be ended: ${why}` });
  }
}

/** Of what a layer is built on: looked up for a root layer, or what its builder was launched from; the parent's for every other. */
async function lineageBelow(
  { item, lineages, execution }: Pick<LayerWork, 'item' | 'lineages' | 'execution'>,
  adopted: InstanceRecord | undefined,
  { cloud }: BuildContext,
): Promise<Lineage> {
  const { parent: base } = item.node.layer;
  if (base.kind === 'base') {
    const { imageId, trust } = adopted ?? (await cloud.resolveBase(base.reference, item.architecture));
    return { root: { imageId, reference: baseText(base.reference) }, trust };
  }
  const parent = execution.plan.items.find(({ key }) => key === item.parent);
  const known = parent === undefined ? undefined : lineages.get(parent.key);
  if (known !== undefined) return known;
  if (parent === undefined || parent.action.kind === 'build') {
    throw new Error(`${item.key} is built on a parent that is not in the plan`);
  }
  return lineageOf(parent.action.image);
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
