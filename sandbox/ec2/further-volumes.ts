import type { BlockDeviceMapping, Image, Instance, RunInstancesRequest } from '@aws-sdk/client-ec2';
import { newId } from '../account.js';
import type { ImageRecord, InstanceRecord, SnapshotRecord } from '../state.js';
import type { AttachedVolume, MappedVolume } from '../volume-records.js';
import { AwsError } from '../wire/aws-error.js';
import type { Caller } from '../wire/operation.js';
import type { World } from '../world.js';
import { chosenKey } from './encryption.js';
import { settingsOf } from './region-settings.js';

type Mapping = NonNullable<Image['BlockDeviceMappings']>[number];

/** Every snapshot of an image: the root volume's first. */
export function snapshotsOf(
  world: World,
  { snapshotId, furtherVolumes }: Pick<ImageRecord, 'snapshotId' | 'furtherVolumes'>,
): readonly SnapshotRecord[] {
  const ids = [snapshotId, ...furtherVolumes.map((volume) => volume.snapshotId)];
  return ids.flatMap((id) => world.state.snapshots[id] ?? []);
}

export function describeFurther(world: World, { furtherVolumes }: ImageRecord): readonly Mapping[] {
  return furtherVolumes.map(({ deviceName, snapshotId, volumeGb, deleteOnTermination }) => {
    const key = world.state.snapshots[snapshotId]?.kmsKeyArn;
    return {
      DeviceName: deviceName,
      Ebs: {
        SnapshotId: snapshotId,
        VolumeSize: volumeGb,
        VolumeType: 'gp3',
        DeleteOnTermination: deleteOnTermination,
        Encrypted: key !== undefined,
        ...(key !== undefined && { KmsKeyId: key }),
      },
    };
  });
}

export function describeAttached({
  furtherVolumes,
  createdAt,
}: InstanceRecord): NonNullable<Instance['BlockDeviceMappings']> {
  return furtherVolumes.map(({ id, deviceName, deleteOnTermination }) => ({
    DeviceName: deviceName,
    Ebs: {
      VolumeId: id,
      Status: 'attached',
      DeleteOnTermination: deleteOnTermination,
      AttachTime: new Date(createdAt),
    },
  }));
}

/** A size that is given has to hold the snapshot (openshift/origin-ci-tool#153 for the words). */
export function checkSize(volumeGb: number, snapshot: { readonly id: string; readonly volumeGb: number }): number {
  if (volumeGb >= snapshot.volumeGb) return volumeGb;
  throw new AwsError(
    'InvalidBlockDeviceMapping',
    `Volume of size ${volumeGb}GB is smaller than snapshot '${snapshot.id}', expect size >= ${snapshot.volumeGb}GB`,
  );
}

/**
 * The volumes of an instance beside the root one: the image's, each as the request's mapping of the same device changes
 * it (aws/karpenter-provider-aws#3302: without naming the snapshot), and those that only the request has.
 */
export function furtherVolumes(
  world: World,
  { BlockDeviceMappings = [] }: RunInstancesRequest,
  image: ImageRecord,
  caller: Caller,
): readonly AttachedVolume[] {
  const given = new Map(BlockDeviceMappings.map((mapping) => [mapping.DeviceName ?? '', mapping]));
  given.delete(image.rootDeviceName);
  const mapped = image.furtherVolumes.flatMap((volume) => {
    const mapping = given.get(volume.deviceName);
    given.delete(volume.deviceName);
    return mapping?.NoDevice === undefined ? [attach(world, { volume, mapping, image, caller })] : [];
  });
  const own = [...given.values()].flatMap((mapping) => {
    if (mapping.Ebs === undefined || mapping.NoDevice !== undefined) return [];
    return [attach(world, { volume: undefined, mapping, image, caller })];
  });
  return [...mapped, ...own];
}

interface Attaching {
  readonly volume: MappedVolume | undefined;
  readonly mapping: BlockDeviceMapping | undefined;
  readonly image: ImageRecord;
  readonly caller: Caller;
}

function attach(world: World, { volume, mapping, image, caller }: Attaching): AttachedVolume {
  const { DeviceName = '', Ebs = {} } = mapping ?? {};
  const deviceName = volume?.deviceName ?? DeviceName;
  const snapshot = world.state.snapshots[volume?.snapshotId ?? Ebs.SnapshotId ?? ''];
  const volumeGb = Ebs.VolumeSize ?? volume?.volumeGb ?? snapshot?.volumeGb;
  if (volumeGb === undefined) {
    throw new AwsError(
      'InvalidBlockDeviceMapping',
      `Either snapshot ID or volume size must be provided for: ${deviceName}`,
    );
  }
  return {
    id: newId('vol'),
    deviceName,
    volumeGb: snapshot === undefined ? volumeGb : checkSize(volumeGb, snapshot),
    kmsKeyArn: chosenKey(Ebs, {
      snapshotKey: snapshot?.kmsKeyArn,
      isOwn: image.owner === caller.account,
      settings: settingsOf(world, caller),
      caller,
    }),
    deleteOnTermination: Ebs.DeleteOnTermination ?? volume?.deleteOnTermination ?? false,
  };
}

/** What does not go with its instance stays, and costs. */
export function leaveVolumes(world: World, instance: InstanceRecord): void {
  const { id, owner, region, furtherVolumes: volumes } = instance;
  // The state may have been reset meanwhile.
  if (world.state.instances[id] !== instance) return;
  for (const volume of volumes) {
    if (volume.deleteOnTermination) continue;
    const { volumeGb, kmsKeyArn } = volume;
    world.state.volumes[volume.id] = { id: volume.id, owner, region, instanceId: id, volumeGb, kmsKeyArn };
    world.changed('volumes', volume.id);
  }
}
