import type {
  BlockDeviceMapping,
  EbsBlockDevice,
  RegisterImageRequest,
  RegisterImageResult,
} from '@aws-sdk/client-ec2';
import { newId, type Architecture } from '../account.js';
import type { ImageRecord } from '../state.js';
import { AwsError } from '../wire/aws-error.js';
import type { Caller } from '../wire/operation.js';
import type { World } from '../world.js';
import { checkSize } from './further-volumes.js';
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
  const further = (request.BlockDeviceMappings ?? []).filter(({ DeviceName }) => DeviceName !== RootDeviceName);
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
    ...fromSnapshot(world, root, caller),
    furtherVolumes: further.map((mapping) => ({
      ...fromSnapshot(world, mapped(mapping), caller),
      deviceName: mapping.DeviceName ?? '',
      deleteOnTermination: mapping.Ebs?.DeleteOnTermination ?? false,
    })),
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
  const root = BlockDeviceMappings.find(({ DeviceName }) => DeviceName === rootDeviceName)?.Ebs;
  if (root?.SnapshotId !== undefined) return root;
  throw new AwsError('InvalidBlockDeviceMapping', `The root device ${rootDeviceName} is not mapped to a snapshot`);
}

function mapped({ DeviceName = '', Ebs }: BlockDeviceMapping): EbsBlockDevice {
  if (Ebs?.SnapshotId !== undefined) return Ebs;
  throw new AwsError('UnsupportedOperation', `The sandbox has images of snapshots only; ${DeviceName} has none.`);
}

function fromSnapshot(
  world: World,
  { SnapshotId = '', VolumeSize, Encrypted, KmsKeyId }: EbsBlockDevice,
  caller: Caller,
): Pick<ImageRecord, 'snapshotId' | 'volumeGb'> {
  const snapshot = requireSnapshot(world, caller, SnapshotId);
  if (snapshot.state !== 'completed') {
    throw new AwsError('IncorrectState', `Snapshot is in invalid state - ${snapshot.state}`);
  }
  if (Encrypted !== undefined || KmsKeyId !== undefined) {
    throw new AwsError(
      'InvalidParameterCombination',
      'Encryption of a snapshot cannot be changed when an image is registered',
    );
  }
  return { snapshotId: snapshot.id, volumeGb: checkSize(VolumeSize ?? snapshot.volumeGb, snapshot) };
}

/** AWS takes i386 when none is given (`SDK RegisterImage`); nothing here could run it. */
function checkArchitecture(given = 'i386'): Architecture {
  if (given === 'x86_64' || given === 'arm64') return given;
  throw new AwsError('UnsupportedOperation', `The sandbox has no machines of the architecture ${given}.`);
}
