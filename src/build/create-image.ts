import { isBrokenState } from '../images/broken-state.js';
import { imageTags, type RootImage } from '../images/tags.js';
import type { PlanItem } from '../plan/build-plan.js';
import { rent } from '../plan/rent.js';
import { CloudFailure } from './cloud.js';
import type { BuildContext } from './context.js';
import { failed } from './failed.js';
import { createHeartbeat } from './heartbeat.js';
import { watchProgress } from './image-progress.js';

export interface ImageOrder {
  readonly item: PlanItem;
  readonly instanceId: string;
  readonly parentImageId: string;
  readonly root: RootImage;
  readonly reason: string;
  readonly displayName: string;
  /** When the work on the layer began, in milliseconds since the epoch. */
  readonly startedAt: number;
}

/** Waits until an image can be launched; returns its snapshots. A broken one is deregistered: it holds its name. */
export async function waitForImage(item: PlanItem, imageId: string, context: BuildContext): Promise<readonly string[]> {
  const { watch, budgets, cloud } = context;
  const beat = createHeartbeat(item.key, context);
  const { progressOf, end } = watchProgress(context);
  const image = await watch.images
    .wait(item.templateHash, {
      until: (views = []) => {
        const view = views.find((one) => one.imageId === imageId);
        if (view !== undefined && view.availability !== 'pending') return view;
        beat(`${imageId} is pending`, 'phase image', progressOf(view?.snapshots[0]));
        return undefined;
      },
      timeoutMs: budgets.imageTimeoutMs,
      onTimeout: () =>
        failed({
          phase: 'image',
          message: `${imageId} is still pending after ${Math.round(budgets.imageTimeoutMs / 3_600_000)} hours`,
          fix: 'look at its snapshot in the EC2 console; run it again: a finished image is used.',
        }),
    })
    .finally(end);
  if (image.availability === 'available') return image.snapshots;
  if (isBrokenState(image.state)) await cloud.deregisterImage(imageId);
  throw failed({
    phase: 'image',
    message: `${imageId} of ${item.node.layer.name} became ${image.state}: ${image.stateReason ?? 'AWS gave no reason'}`,
    fix: 'run it again; if it repeats, check the KMS key and the EBS snapshot quota.',
  });
}

export interface MadeImage {
  readonly imageId: string;
  /** Whether it is of this builder's disk, and not another run's. */
  readonly isOwn: boolean;
}

/**
 * Begins to make the image of a stopped builder. The name is the publish: when another run has taken it, that run has
 * built the same hash, and its image is used.
 */
export async function createImage(order: ImageOrder, context: BuildContext): Promise<MadeImage> {
  const { item, instanceId } = order;
  try {
    const imageId = await context.cloud.createImage({
      instanceId,
      name: item.imageName,
      description: `Layer ${item.node.layer.name} of ami-layers`,
      tags: tagsOf(order, context),
    });
    return { imageId, isOwn: true };
  } catch (error) {
    if (!(error instanceof CloudFailure && error.code === 'InvalidAMIName.Duplicate')) throw error;
    return { imageId: await useWinner(item, context), isOwn: false };
  }
}

/** EC2 may not show a new image to others for some seconds (EC2 Developer Guide, "Eventual consistency"). */
const WINNER_TIMEOUT_MS = 5 * 60_000;

/** The image that has this layer's name already. Throws `LayerFailed` when it is not this layer's. */
async function useWinner({ imageName, templateHash }: PlanItem, { cloud, watch }: BuildContext): Promise<string> {
  const named = await cloud.findNamed(imageName);
  if (named !== undefined && named.templateHash !== templateHash) {
    throw failed({
      phase: 'image',
      message: `another image is called ${imageName}, and it is not this layer's`,
      fix: 'deregister that image, or rename the layer.',
    });
  }
  const winner = await watch.images.wait(templateHash, {
    until: (views = []) => views.find((view) => view.name === imageName),
    timeoutMs: WINNER_TIMEOUT_MS,
    onTimeout: () =>
      failed({
        phase: 'image',
        message: `EC2 says that an image is called ${imageName}, but shows none`,
        fix: 'run it again.',
      }),
  });
  return winner.imageId;
}

function tagsOf(order: ImageOrder, { run, clock, bill }: BuildContext): ReturnType<typeof imageTags> {
  const { item, instanceId } = order;
  const { layer, parent, depth } = item.node;
  const durationMs = clock.now() - order.startedAt;
  const usdPerHour = bill.quoteOf(instanceId)?.usd;
  return imageTags({
    run,
    layer: layer.name,
    version: layer.version,
    architecture: item.architecture,
    templateHash: item.templateHash,
    validationHash: item.validationHash,
    inputs: item.inputs,
    templatePath: layer.templatePath,
    dataMounts: item.node.dataMounts,
    parentLayer: parent,
    baseAmi: order.parentImageId,
    root: order.root,
    depth,
    reason: order.reason,
    buildSeconds: Math.round(durationMs / 1000),
    buildCostUsd: rent({ usdPerHour, durationMs, volumeGb: layer.builder.volumeGb }),
    created: new Date(clock.now()).toISOString(),
    displayName: order.displayName,
    userTags: layer.tags,
  });
}
