import type { RootImage } from '../images/tags.js';
import type { PlanItem } from '../plan/build-plan.js';
import { stepsBundle } from './bundle.js';
import type { BuildContext } from './context.js';
import { createImage } from './create-image.js';
import { deliver } from './deliver.js';
import { waitForStop, type OnInstance } from './instance-waits.js';
import { launchInstance } from './launch-instance.js';
import type { Phase } from './outcome.js';
import { BUNDLE_ROOT } from './on-instance/layout.js';
import { builderSteps, watchSteps } from './run-steps.js';
import { seal } from './seal.js';

export interface LayerBuild {
  readonly item: PlanItem;
  /** The image to build on: the parent's, or the vendor's for a root layer. */
  readonly parentImageId: string;
  /** The vendor image under the root layer. */
  readonly root: RootImage;
  readonly reason: string;
  readonly displayName: string;
}

/** How an image is made of one layer, top to bottom. What is acquired registers its own undo in `context.undo`. */
export async function buildLayer(build: LayerBuild, context: BuildContext): Promise<string> {
  const { item, parentImageId } = build;
  const { cloud, clock, workspace, emit, budgets } = context;
  const begin = (phase: Phase, detail: string): void => {
    emit({ kind: 'phase', key: item.key, phase, detail });
  };
  const startedAt = clock.now();
  const steps = builderSteps(item, budgets.stepTimeoutMs);

  const lifetimeMinutes = item.node.layer.builder.timeoutMinutes;
  const { instanceId, end } = await launchInstance(
    { item, imageId: parentImageId, role: 'builder', phase: 'launch', lifetimeMinutes },
    context,
  );
  const on = (phase: Phase): OnInstance => ({ key: item.key, instanceId, phase });

  const bundle = await stepsBundle(item.node, steps, workspace);
  begin('deliver', `${bundle.archive.length} bytes`);
  await deliver(on('deliver'), bundle, context, `exec ${BUNDLE_ROOT}/runner start`);

  begin('steps', `${steps.length} on ${instanceId}`);
  await watchSteps(on('steps'), steps, context);

  begin('seal', 'removing what belongs to this instance only');
  await seal(on('seal'), item.node.sealAllow, context);

  begin('stop', instanceId);
  await cloud.stop(instanceId);
  await waitForStop(on('stop'), context);

  begin('image', item.imageName);
  const imageId = await createImage({ ...build, instanceId, startedAt }, context);
  await end();
  return imageId;
}
