import type { CreateImageRequest, CreateImageResult } from '@aws-sdk/client-ec2';
import { newId } from '../account.js';
import { imageFailure, imageSlowness } from '../faults.js';
import { copyLayer, measureLayer } from '../machine/layers.js';
import type { ImageRecord, InstanceRecord, SnapshotRecord } from '../state.js';
import { AwsError } from '../wire/aws-error.js';
import type { Caller } from '../wire/operation.js';
import type { World } from '../world.js';
import { ancestorsBelow } from './image-ancestry.js';
import { snapshotsOf } from './further-volumes.js';
import { freezeInstance } from './instance-life.js';
import { imageOf } from './image-lookup.js';
import { checkImageName } from './image-name.js';
import { requireInstances } from './instance-lookup.js';
import { LAYERS } from './layer-references.js';
import { instanceDirectory } from './running-instance.js';
import { NEW_IMAGE } from './new-image.js';
import { tagsFor } from './tag-specifications.js';

const TAGGABLE = ['image', 'snapshot'];

/** Answers at once with a pending image; freezing, measuring and becoming available go on behind it. */
export function createImage(world: World, request: CreateImageRequest, caller: Caller): CreateImageResult {
  const { InstanceId = '', Name, Description, NoReboot = false } = request;
  const { region, account } = caller;
  const name = checkImageName(world, caller, Name);
  const [instance] = requireInstances(world, caller, [InstanceId]);
  if (instance === undefined || (instance.state !== 'running' && instance.state !== 'stopped')) {
    throw new AwsError(
      'IncorrectInstanceState',
      `The instance '${InstanceId}' is not in the 'running' or 'stopped' state.`,
    );
  }
  checkMappings(request, instance.volumeGb);
  const imageTags = tagsFor('image', request.TagSpecifications, TAGGABLE);
  const snapshotTags = tagsFor('snapshot', request.TagSpecifications, TAGGABLE);

  const imageId = newId('ami');
  const snapshotId = newId('snap');
  const layer = `${LAYERS}/${snapshotId.slice('snap-'.length)}`;
  const availableMs = imageSlowness(world.faults, name) ?? world.delays.imageAvailableMs;
  const snapshot: SnapshotRecord = {
    id: snapshotId,
    owner: account,
    region,
    description: `Created by CreateImage(${InstanceId}) for ${imageId}`,
    volumeId: instance.volumeId,
    volumeGb: instance.volumeGb,
    kmsKeyArn: instance.kmsKeyArn,
    createdAt: world.now(),
    layers: [layer, ...instance.layers],
    state: 'pending',
    completesAt: world.now() + availableMs,
    stateMessage: undefined,
    volumePermissions: [],
    tags: snapshotTags,
  };
  const further = instance.furtherVolumes.map(({ id, volumeGb, kmsKeyArn }) => ({
    ...snapshot,
    id: newId('snap'),
    volumeId: id,
    volumeGb,
    kmsKeyArn,
    layers: [],
    tags: { ...snapshotTags },
  }));
  const image: ImageRecord = {
    ...NEW_IMAGE,
    id: imageId,
    owner: account,
    region,
    name,
    description: Description,
    architecture: instance.architecture,
    snapshotId,
    volumeGb: instance.volumeGb,
    furtherVolumes: instance.furtherVolumes.map(({ deviceName, volumeGb, deleteOnTermination }, at) => ({
      snapshotId: further[at]?.id ?? '',
      ...{ deviceName, volumeGb, deleteOnTermination },
    })),
    sourceImageId: instance.imageId,
    sourceRegion: region,
    ancestors: ancestorsBelow(imageOf(world, region, instance.imageId)),
    sourceInstanceId: instance.id,
    createdAt: world.now(),
    state: 'pending',
    tags: imageTags,
  };
  for (const one of [snapshot, ...further]) {
    world.state.snapshots[one.id] = one;
    world.changed('snapshots', one.id);
  }
  world.state.images[imageId] = image;
  world.changed('images', imageId);
  const isCopy = NoReboot && instance.state === 'running';
  const failure = imageFailure(world.faults);
  void finish(world, { image, snapshot, instance, layer, isCopy, availableMs, failure });
  return { ImageId: imageId };
}

interface PendingImage {
  readonly image: ImageRecord;
  readonly snapshot: SnapshotRecord;
  readonly instance: InstanceRecord;
  readonly layer: string;
  /** NoReboot: the layer is copied from under the running system instead of being taken away from it. */
  readonly isCopy: boolean;
  readonly availableMs: number;
  readonly failure: string | undefined;
}

async function finish(world: World, pending: PendingImage): Promise<void> {
  const { image, snapshot, instance, layer, isCopy, availableMs } = pending;
  const available = new Promise((resolve) => world.after(availableMs, () => resolve(undefined)));
  let { failure } = pending;
  try {
    if (isCopy) await copyLayer(world.store.path, instanceDirectory(instance.id), layer);
    else await freezeInstance(world, instance, layer);
    // An image requested meanwhile may have put a layer of its own between.
    const below = instance.layers.filter((other) => other !== layer);
    snapshot.layers = [layer, ...below];
    if (world.state.snapshots[snapshot.id] === snapshot) world.changed('snapshots', snapshot.id);
    world.state.layerSizes[layer] = await measureLayer(world.store.path, layer);
    world.changed('layerSizes', layer);
  } catch (error) {
    failure = `Server.InternalError: ${error instanceof Error ? error.message : String(error)}`;
  }
  await available;
  image.state = failure === undefined ? 'available' : 'failed';
  image.stateReason = failure;
  for (const one of snapshotsOf(world, image)) {
    one.state = failure === undefined ? 'completed' : 'error';
    one.stateMessage = failure;
    world.changed('snapshots', one.id);
  }
  if (world.state.images[image.id] === image) world.changed('images', image.id);
}

/** Only what becomes of the volume may be said here; size and encryption are decided at launch (`SDK`). */
function checkMappings({ BlockDeviceMappings = [] }: CreateImageRequest, volumeGb: number): void {
  for (const { Ebs } of BlockDeviceMappings) {
    if (Ebs?.Encrypted !== undefined || Ebs?.KmsKeyId !== undefined) {
      throw new AwsError('InvalidParameterCombination', 'Encryption cannot be changed when an image is created');
    }
    if (Ebs?.VolumeSize !== undefined && Ebs.VolumeSize !== volumeGb) {
      throw new AwsError(
        'InvalidBlockDeviceMapping',
        'The size of a volume cannot be changed when an image is created',
      );
    }
  }
}
