import type { InstanceRecord } from '../images/instance-record.js';
import type { Lineage } from '../images/tags.js';
import { leastTrust, type Trust } from '../images/trust.js';
import type { PlanItem } from '../plan/build-plan.js';
import { adoptBuilder } from './adopt-builder.js';
import { stepsBundle } from './bundle.js';
import type { ChainLink, HeldLink } from './chain.js';
import type { BuildContext } from './context.js';
import { continueOnParent } from './continue-on-parent.js';
import { SpotInterrupted } from './failed.js';
import { createImage } from './create-image.js';
import { askOf, untilItEnds, waitForStop, type OnInstance } from './instance-waits.js';
import { launchInstance, type LaunchedInstance } from './launch-instance.js';
import type { Phase } from './outcome.js';
import { runBundle } from './run-bundle.js';
import { builderSteps } from './run-steps.js';

/** What a layer is built on. */
export type Beginning =
  | { readonly kind: 'launch' }
  /** A builder of a run that is gone. */
  | { readonly kind: 'adopt'; readonly builder: InstanceRecord }
  /** The parent's builder. */
  | { readonly kind: 'continue'; readonly link: HeldLink };

export interface LayerBuild {
  readonly item: PlanItem;
  /** The image to build on: the parent's, or the vendor's for a root layer. */
  readonly parentImageId: string;
  /** Of the image to build on. */
  readonly lineage: Lineage;
  readonly reason: string;
  readonly displayName: string;
  readonly begin: Beginning;
  /** Resolves when an image may be made: none is made on a parent that is not validated. */
  readonly mayPublish: () => Promise<void>;
  /** Asks for a child that goes on with the builder; true when there is one. */
  readonly offer: (link: ChainLink) => boolean;
}

/** How an image is made of one layer; once more on demand when AWS takes its Spot instance back. */
export async function buildLayer(build: LayerBuild, context: BuildContext): Promise<string> {
  try {
    return await buildOnce(build, context);
  } catch (error) {
    if (!(error instanceof SpotInterrupted)) throw error;
    const message = `AWS took the Spot instance ${error.instanceId} back; the layer is built again, on demand`;
    context.emit({ kind: 'warning', key: build.item.key, message });
    context.fleet.drop(error.instanceId);
    const placement = { ...context.placement, spot: 'never' } as const;
    return buildOnce({ ...build, begin: { kind: 'launch' } }, { ...context, placement });
  }
}

/**
 * The way of a build, top to bottom. What is acquired registers its own undo in `context.undo`. The builder stays until
 * the layer is through: while it is there, other runs know that this one is at it.
 */
async function buildOnce(build: LayerBuild, context: BuildContext): Promise<string> {
  const { item, begin } = build;
  const { cloud, clock, workspace, emit, budgets } = context;
  const startedAt = begin.kind === 'adopt' ? begin.builder.launchedAt : clock.now();
  const { node, key, architecture, templateHash } = item;
  const steps = builderSteps(item, budgets.stepTimeoutMs);

  const builder = await beginOn(build, context);
  const { instanceId, instanceType, market, expiresAt } = builder;
  const on = (phase: Phase): OnInstance => ({ key, templateHash, instanceId, phase });

  const bundle = await stepsBundle({ node, architecture, templateHash, steps, expiresAt }, workspace);
  await runBundle({ on: on('steps'), bundle, steps, seals: true }, context);

  if (market === 'on-demand') {
    emit({ kind: 'phase', key, phase: 'stop', detail: instanceId });
    await askOf(on('stop'), context, () => cloud.stop(instanceId));
    await waitForStop(on('stop'), context);
    await build.mayPublish();
  } else {
    // A one-time Spot instance cannot be stopped (EC2 User Guide); CreateImage shuts it down for the snapshot by itself.
    await untilItEnds(on('steps'), context, build.mayPublish);
  }

  emit({ kind: 'phase', key, phase: 'image', detail: item.imageName });
  const order = { ...build, trust: trustOf(build, context), instanceId, startedAt };
  const { imageId, isOwn } = await askOf(on('image'), context, () => createImage(order, context));
  emit({ kind: 'phase', key, phase: 'image', detail: `${imageId} is pending` });
  const link = { parent: item, imageId, instanceId, instanceType };
  if (isOwn && market === 'on-demand' && build.offer(link)) builder.letGo();
  return imageId;
}

/** What an image is made from: this run's code, the image it stands on, and what another run has done on its builder. */
export function trustOf(
  { begin, lineage }: Pick<LayerBuild, 'begin' | 'lineage'>,
  { run }: Pick<BuildContext, 'run'>,
): Trust {
  return leastTrust(run.trust, lineage.trust, begin.kind === 'adopt' ? begin.builder.trust : 'main');
}

function beginOn(
  { item, parentImageId, lineage, begin }: LayerBuild,
  context: BuildContext,
): Promise<LaunchedInstance> {
  switch (begin.kind) {
    case 'launch': {
      const lifetimeMinutes = item.node.layer.builder.timeoutMinutes;
      return launchInstance(
        { item, imageId: parentImageId, trust: lineage.trust, role: 'builder', phase: 'launch', lifetimeMinutes },
        context,
      );
    }
    case 'adopt':
      return adoptBuilder(item, begin.builder, context);
    case 'continue':
      return continueOnParent(item, begin.link, context);
  }
}
