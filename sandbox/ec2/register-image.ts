import type { EbsBlockDevice, RegisterImageRequest, RegisterImageResult } from '@aws-sdk/client-ec2';
import { newId, type Architecture } from '../account.js';
import type { ImageRecord } from '../state.js';
import { AwsError } from '../wire/aws-error.js';
import type { Caller } from '../wire/operation.js';
import type { World } from '../world.js';
import { checkImageName } from './image-name.js';
import { NEW_IMAGE } from './new-image.js';
import { requireSnapshot } from './snapshots.js';
import { tagsFor } from './tag-specifications.js';

/** An image from a snapshot of a root volume. It has no source: none was recorded (`UG:ami-ancestry`). */
export function registerImage(world: World, request: RegisterImageRequest, caller: Caller): RegisterImageResult {
  const name = checkImageName(world, caller, request.Name);
  if (request.ImageLocation !== undefined) {
    throw new AwsError('UnsupportedOperation', 'The sandbox has no images that are backed by an instance store.');
  }
  const { RootDeviceName, VirtualizationType = 'paravirtual' } = request;
  if (RootDeviceName === undefined) {
    throw new AwsError('MissingParameter', 'The request must contain the parameter rootDeviceName');
  }
  if (VirtualizationType !== 'hvm' && VirtualizationType !== 'paravirtual') {
    throw new AwsError('InvalidParameterValue', `Invalid value '${VirtualizationType}' for virtualizationType.`);
  }
  const root = rootVolume(request, RootDeviceName);
  const snapshot = requireSnapshot(world, caller, root.SnapshotId ?? '');
  if (snapshot.state !== 'completed') {
    throw new AwsError('IncorrectState', `Snapshot is in invalid state - ${snapshot.state}`);
  }
  if (root.Encrypted !== undefined || root.KmsKeyId !== undefined) {
    throw new AwsError(
      'InvalidParameterCombination',
      'Encryption of a snapshot cannot be changed when an image is registered',
    );
  }
  const volumeGb = root.VolumeSize ?? snapshot.volumeGb;
  if (volumeGb < snapshot.volumeGb) {
    throw new AwsError(
      'InvalidBlockDeviceMapping',
      `Volume of size ${volumeGb}GB is smaller than snapshot '${snapshot.id}', expect size >= ${snapshot.volumeGb}GB`,
    );
  }
  const image: ImageRecord = {
    ...NEW_IMAGE,
    id: newId('ami'),
    owner: caller.account,
    region: caller.region,
    name,
    description: request.Description,
    architecture: checkArchitecture(request.Architecture),
    virtualizationType: VirtualizationType,
    enaSupport: request.EnaSupport ?? false,
    imdsSupport: request.ImdsSupport,
    rootDeviceName: RootDeviceName,
    snapshotId: snapshot.id,
    volumeGb,
    sourceImageId: undefined,
    sourceRegion: undefined,
    sourceInstanceId: undefined,
    ancestors: [],
    createdAt: world.now(),
    state: 'available',
    tags: tagsFor('image', request.TagSpecifications, ['image']),
  };
  world.state.images[image.id] = image;
  world.changed('images', image.id);
  return { ImageId: image.id };
}

function rootVolume({ BlockDeviceMappings = [] }: RegisterImageRequest, rootDeviceName: string): EbsBlockDevice {
  if (BlockDeviceMappings.some(({ DeviceName }) => DeviceName !== rootDeviceName)) {
    throw new AwsError('UnsupportedOperation', 'The sandbox has images with one volume only, the root volume.');
  }
  const root = BlockDeviceMappings[0]?.Ebs;
  if (root?.SnapshotId !== undefined) return root;
  throw new AwsError('InvalidBlockDeviceMapping', `The root device ${rootDeviceName} is not mapped to a snapshot`);
}

/** AWS takes i386 when none is given (`SDK RegisterImage`); nothing here could run it. */
function checkArchitecture(given = 'i386'): Architecture {
  if (given === 'x86_64' || given === 'arm64') return given;
  throw new AwsError('UnsupportedOperation', `The sandbox has no machines of the architecture ${given}.`);
}
