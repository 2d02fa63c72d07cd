import { isBrokenState } from '../images/broken-state.js';
import type { ImageRecord } from '../images/image-record.js';
import { imageTags, type Lineage } from '../images/tags.js';
import { mayChange, type Trust } from '../images/trust.js';
import { Cancelled } from '../lib/batch-poll.js';
import type { PlanItem } from '../plan/build-plan.js';
import { nextImageName } from '../plan/image-name.js';
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
  readonly lineage: Lineage;
  /** Of all that the image is made from. */
  readonly trust: Trust;
  readonly reason: string;
  readonly displayName: string;
  /** When the work on the layer began, in milliseconds since the epoch. */
  readonly startedAt: number;
}

/** Waits until an image can be launched. A broken one is deregistered: it holds its name. */
export async function waitForImage(item: PlanItem, imageId: string, context: BuildContext): Promise<ImageRecord> {
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
  if (image.availability === 'available') return image;
  if (isBrokenState(image.state) && mayChange(context.run, image)) await cloud.deregisterImage(imageId);
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

/** More have never been taken by anything but somebody who wants a build to fail. */
const MOST_NAMES = 50;

/**
 * Begins to make the image of a stopped builder. The name is the publish: when another run has taken it, that run has
 * built the same hash, and its image is used. Where an image has it that is nothing to this run, whoever made it, the
 * next name is as good.
 */
export async function createImage(order: ImageOrder, context: BuildContext): Promise<MadeImage> {
  const { item, instanceId } = order;
  let name = item.imageName;
  for (let tried = 0; tried < MOST_NAMES; tried += 1) {
    try {
      const imageId = await context.cloud.createImage({
        instanceId,
        name,
        description: `Layer ${item.node.layer.name} of ami-layers`,
        tags: tagsOf(order, context),
      });
      return { imageId, isOwn: true };
    } catch (error) {
      if (!(error instanceof CloudFailure && error.code === 'InvalidAMIName.Duplicate')) throw error;
    }
    const named = await findNamed(name, context);
    if (named?.templateHash === item.templateHash) return { imageId: named.imageId, isOwn: false };
    name = nextImageName(name);
  }
  throw failed({
    phase: 'image',
    message: `${MOST_NAMES} names from ${item.imageName} on are taken by images that are not of this layer`,
    fix: 'see who made them and deregister them, or rename the layer.',
  });
}

/** EC2 may not show a new image to others for some seconds (EC2 Developer Guide, "Eventual consistency"). */
const NAMED_TIMEOUT_MS = 5 * 60_000;
const NAMED_INTERVAL_MS = 2_000;

/** The image that has a taken name, if it is anything to this run. */
async function findNamed(name: string, { cloud, clock, signal }: BuildContext): Promise<ImageRecord | undefined> {
  const deadline = clock.now() + NAMED_TIMEOUT_MS;
  for (;;) {
    const named = await cloud.findNamed(name);
    if (named !== undefined) return named.image;
    if (signal.aborted) throw new Cancelled();
    if (clock.now() >= deadline) {
      throw failed({
        phase: 'image',
        message: `EC2 says that an image is called ${name}, but shows none`,
        fix: 'run it again.',
      });
    }
    await clock.sleep(NAMED_INTERVAL_MS, signal);
  }
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
    root: order.lineage.root,
    trust: order.trust,
    depth,
    reason: order.reason,
    buildSeconds: Math.round(durationMs / 1000),
    buildCostUsd: rent({ usdPerHour, durationMs, volumeGb: layer.builder.volumeGb }),
    created: new Date(clock.now()).toISOString(),
    displayName: order.displayName,
    userTags: layer.tags,
  });
}
