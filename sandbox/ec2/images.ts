import type {
  DeregisterImageRequest,
  DeregisterImageResult,
  DescribeImagesRequest,
  DescribeImagesResult,
  Image,
} from '@aws-sdk/client-ec2';
import { ACCOUNT_ID, AMAZON_ACCOUNT_ID } from '../account.js';
import type { ImageRecord } from '../state.js';
import { AwsError } from '../wire/aws-error.js';
import { makeFilter, type FilterFields } from '../wire/filters.js';
import type { Caller } from '../wire/operation.js';
import { pageOf } from '../wire/paging.js';
import type { World } from '../world.js';
import { isOwn, requireImage, visibleImages } from './image-lookup.js';
import { deleteSnapshotRecord } from './snapshots.js';
import { describeTags } from './tag-specifications.js';

export function describeImages(world: World, request: DescribeImagesRequest, { region }: Caller): DescribeImagesResult {
  const { ImageIds, Owners, Filters } = request;
  const matches = makeFilter(Filters, filtersFor(world));
  const named =
    ImageIds === undefined ? visibleImages(world, region) : ImageIds.map((id) => requireImage(world, region, id));
  const wanted = named.filter((image) => isOwnedBy(world, image, Owners) && matches(image));
  const page = pageOf(wanted, request, ({ id }) => id);
  return {
    Images: page.items.map((image) => describeImage(world, image)),
    ...(page.NextToken !== undefined && { NextToken: page.NextToken }),
  };
}

export async function deregisterImage(
  world: World,
  request: DeregisterImageRequest,
  { region }: Caller,
): Promise<DeregisterImageResult> {
  const image = requireImage(world, region, request.ImageId ?? '');
  if (!isOwn(world, image)) throw new AwsError('AuthFailure', `Not authorized for image: ${image.id}`, 403);
  delete world.state.images[image.id];
  world.changed();
  if (request.DeleteAssociatedSnapshots !== true) return { Return: true };
  await deleteSnapshotRecord(world, image.snapshotId);
  return { Return: true, DeleteSnapshotResults: [{ SnapshotId: image.snapshotId, ReturnCode: 'success' }] };
}

function filtersFor(world: World): FilterFields<ImageRecord> {
  return {
    'image-id': ({ id }) => [id],
    name: ({ name }) => [name],
    description: ({ description }) => [description],
    state: ({ state }) => [state],
    architecture: ({ architecture }) => [architecture],
    'owner-id': (image) => [ownerOf(world, image)],
    'owner-alias': (image) => [isOwn(world, image) ? undefined : 'amazon'],
    'is-public': (image) => [String(!isOwn(world, image))],
    'image-type': () => ['machine'],
    'root-device-type': () => ['ebs'],
    'root-device-name': () => ['/dev/xvda'],
    'virtualization-type': () => ['hvm'],
    'source-instance-id': ({ sourceInstanceId }) => [sourceInstanceId],
    'source-image-id': ({ sourceImageId }) => [sourceImageId],
    'block-device-mapping.snapshot-id': ({ snapshotId }) => [snapshotId],
  };
}

function isOwnedBy(world: World, image: ImageRecord, owners: readonly string[] | undefined): boolean {
  if (owners === undefined || owners.length === 0) return true;
  return owners.some((owner) => {
    if (owner === 'self') return isOwn(world, image);
    if (owner === 'amazon') return !isOwn(world, image);
    return owner === ownerOf(world, image);
  });
}

function ownerOf(world: World, image: ImageRecord): string {
  return isOwn(world, image) ? ACCOUNT_ID : AMAZON_ACCOUNT_ID;
}

function describeImage(world: World, image: ImageRecord): Image {
  const own = isOwn(world, image);
  const owner = ownerOf(world, image);
  return {
    ImageId: image.id,
    Name: image.name,
    ...(image.description !== undefined && { Description: image.description }),
    ImageLocation: `${owner}/${image.name}`,
    OwnerId: owner,
    ...(!own && { ImageOwnerAlias: 'amazon' }),
    Public: !own,
    State: image.state,
    ...(image.stateReason !== undefined && {
      StateReason: { Code: 'Server.InternalError', Message: image.stateReason },
    }),
    Architecture: image.architecture,
    CreationDate: new Date(image.createdAt).toISOString(),
    ImageType: 'machine',
    PlatformDetails: 'Linux/UNIX',
    UsageOperation: 'RunInstances',
    Hypervisor: 'xen',
    VirtualizationType: 'hvm',
    EnaSupport: true,
    RootDeviceName: '/dev/xvda',
    RootDeviceType: 'ebs',
    BlockDeviceMappings: [
      {
        DeviceName: '/dev/xvda',
        Ebs: {
          SnapshotId: image.snapshotId,
          VolumeSize: image.volumeGb,
          VolumeType: 'gp3',
          DeleteOnTermination: true,
          Encrypted: false,
        },
      },
    ],
    ...(own && {
      SourceInstanceId: image.sourceInstanceId,
      SourceImageId: image.sourceImageId,
      SourceImageRegion: image.region,
    }),
    Tags: describeTags(image.tags),
  };
}
