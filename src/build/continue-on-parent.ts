import { nextLayerTags } from '../images/tags.js';
import type { PlanItem } from '../plan/build-plan.js';
import type { HeldLink } from './chain.js';
import type { BuildContext } from './context.js';
import { failed } from './failed.js';
import { waitForAgent, waitForStart, type OnInstance } from './instance-waits.js';
import type { LaunchedInstance } from './launch-instance.js';

/** EC2 begins a snapshot within seconds of CreateImage; it says so as soon as it shows the snapshot's id. */
const SNAPSHOT_BEGINS_TIMEOUT_MS = 15 * 60_000;

/**
 * Starts the parent's builder again, as this layer's. Its disk is sealed and is what the parent's image is made of: the
 * start is a first boot, as that of an instance from the image would be. What is written from now on is not in the
 * parent's image, because its snapshot has begun.
 */
export async function continueOnParent(
  item: PlanItem,
  { parent, imageId, instanceId, instanceType, letGo }: HeldLink,
  context: BuildContext,
): Promise<LaunchedInstance> {
  const { cloud, clock, run, emit, watch, bill } = context;
  const { layer } = item.node;
  const on: OnInstance = { key: item.key, templateHash: item.templateHash, instanceId, phase: 'launch' };
  emit({
    kind: 'phase',
    key: item.key,
    phase: 'launch',
    detail: `goes on with ${instanceId} of ${parent.node.layer.name}`,
  });
  await watch.images.wait(parent.templateHash, {
    until: (views = []) => views.find((view) => view.imageId === imageId && view.snapshots.length > 0),
    timeoutMs: SNAPSHOT_BEGINS_TIMEOUT_MS,
    onTimeout: () =>
      failed({
        phase: 'launch',
        message: `EC2 does not begin to make ${imageId}`,
        fix: 'look at it in the EC2 console; run it again.',
      }),
  });
  const now = clock.now();
  const expiresAt = now + layer.builder.timeoutMinutes * 60_000;
  const tags = nextLayerTags({
    run,
    layer: layer.name,
    templateHash: item.templateHash,
    architecture: item.architecture,
    role: 'builder',
    baseAmi: imageId,
    now,
    expiresAt,
    userTags: layer.tags,
  });
  bill.goesOn(instanceId, item.key);
  await cloud.tag([instanceId], tags);
  await cloud.start(instanceId);
  await waitForStart(on, context);
  await waitForAgent(on, context);
  return { instanceId, instanceType, market: 'on-demand', expiresAt, letGo };
}
