import type { DescribeImagesRequest, DescribeImagesResult, Image } from '@aws-sdk/client-ec2';
import { AMAZON_ACCOUNT_ID } from '../account.js';
import { INDEX_KEYS } from '../state-index.js';
import type { ImageRecord } from '../state.js';
import { makeFilter, type FilterFields } from '../wire/filters.js';
import type { Caller, Scope } from '../wire/operation.js';
import { pageOfIds } from '../wire/paging.js';
import type { World } from '../world.js';
import { candidateIds } from './candidates.js';
import { describeProtection } from './deregistration-protection.js';
import {
  imageOf,
  isPublic,
  isVisible,
  ownerAlias,
  reportedLaunch,
  requireImage,
  withBaseImage,
} from './image-lookup.js';
import { describeFurther, snapshotsOf } from './further-volumes.js';
import { describeTags } from './tag-specifications.js';

export function describeImages(world: World, request: DescribeImagesRequest, caller: Caller): DescribeImagesResult {
  const { region } = caller;
  const { ImageIds, Filters } = request;
  const matches = makeFilter(Filters, filtersFor(world));
  ImageIds?.forEach((id) => requireImage(world, caller, id));
  const ids =
    ImageIds === undefined
      ? withBaseImage(world, region, candidateIds({ index: world.index.images, region, filters: Filters, keys: KEYS }))
      : [...new Set(ImageIds)].sort();
  const pick = (id: string): ImageRecord | undefined => {
    const image = imageOf(world, region, id);
    if (image === undefined || !isVisible(world, caller, image) || !isListed(world, request, caller, image)) return;
    const seen = asSeenBy(caller, image);
    return matches(seen) ? seen : undefined;
  };
  const page = pageOfIds(ids, request, pick);
  return {
    Images: page.items.map((image) => describeImage(world, caller, image)),
    ...(page.NextToken !== undefined && { NextToken: page.NextToken }),
  };
}

const KEYS = {
  'image-id': (_region: string, id: string) => INDEX_KEYS.id(id),
  name: INDEX_KEYS.name,
  'block-device-mapping.snapshot-id': (_region: string, id: string) => INDEX_KEYS.snapshot(id),
};

/** Owners always see their deprecated images; others when they ask for them, or by id (`UG:ami-deprecate`). */
function isListed(world: World, request: DescribeImagesRequest, { account }: Scope, image: ImageRecord): boolean {
  const { ImageIds, Owners = [], ExecutableUsers = [], IncludeDeprecated, IncludeDisabled } = request;
  if (image.state === 'disabled' && IncludeDisabled !== true) return false;
  const isDeprecated = image.deprecatedAt !== undefined && image.deprecatedAt <= world.now();
  if (isDeprecated && image.owner !== account && IncludeDeprecated !== true && ImageIds === undefined) return false;
  const isOwnedBy = (owner: string): boolean =>
    (owner === 'self' ? account : owner) === image.owner || owner === ownerAlias(image.owner);
  if (Owners.length > 0 && !Owners.some(isOwnedBy)) return false;
  return (
    ExecutableUsers.length === 0 ||
    ExecutableUsers.some((user) => isExecutableBy(image, user === 'self' ? account : user))
  );
}

function isExecutableBy(image: ImageRecord, user: string): boolean {
  if (user === 'all') return isPublic(image);
  return image.launchPermissions.some((permission) => permission.kind === 'account' && permission.account === user);
}

/** Another account's tags are not shown, but for those whose key says that they are shared (`UG:sharingamis-explicit`). */
function asSeenBy({ account }: Scope, image: ImageRecord): ImageRecord {
  if (image.owner === account) return image;
  const shared = Object.entries(image.tags).filter(([key]) => key.startsWith('ec2:SharedTag/'));
  return { ...image, tags: Object.fromEntries(shared) };
}

function filtersFor(world: World): FilterFields<ImageRecord> {
  return {
    'image-id': ({ id }) => [id],
    name: ({ name }) => [name],
    description: ({ description }) => [description],
    state: ({ state }) => [state],
    'state-reason-code': ({ stateReason }) => [stateReason && REASON_CODE],
    'state-reason-message': ({ stateReason }) => [stateReason],
    architecture: ({ architecture }) => [architecture],
    'creation-date': ({ createdAt }) => [new Date(createdAt).toISOString()],
    'owner-id': ({ owner }) => [owner],
    'owner-alias': ({ owner }) => [ownerAlias(owner)],
    'is-public': (image) => [String(isPublic(image))],
    'image-type': () => ['machine'],
    'image-allowed': () => ['true'],
    hypervisor: () => ['xen'],
    'ena-support': ({ enaSupport }) => [String(enaSupport)],
    'manifest-location': (image) => [locationOf(image)],
    'root-device-type': () => ['ebs'],
    'root-device-name': ({ rootDeviceName }) => [rootDeviceName],
    'virtualization-type': ({ virtualizationType }) => [virtualizationType],
    'source-instance-id': ({ sourceInstanceId }) => [sourceInstanceId],
    'source-image-id': ({ sourceImageId }) => [sourceImageId],
    'source-image-region': ({ sourceRegion }) => [sourceRegion],
    'block-device-mapping.snapshot-id': (image) => snapshotsOf(world, image).map(({ id }) => id),
    'block-device-mapping.device-name': (image) => [
      image.rootDeviceName,
      ...image.furtherVolumes.map(({ deviceName }) => deviceName),
    ],
    'block-device-mapping.volume-size': (image) =>
      [image, ...image.furtherVolumes].map(({ volumeGb }) => String(volumeGb)),
    'block-device-mapping.volume-type': () => ['gp3'],
    'block-device-mapping.delete-on-termination': ({ furtherVolumes }) => [
      'true',
      ...furtherVolumes.map(({ deleteOnTermination }) => String(deleteOnTermination)),
    ],
    'block-device-mapping.encrypted': (image) => [
      String(keyOf(world, image) !== undefined),
      ...describeFurther(world, image).map(({ Ebs }) => String(Ebs?.Encrypted === true)),
    ],
    ...Object.fromEntries(NEVER.map((name) => [name, () => []])),
  };
}

/** Filters that AWS has and that no image here can pass. */
const NEVER = [
  ...['boot-mode', 'free-tier-eligible', 'kernel-id', 'ramdisk-id', 'platform', 'sriov-net-support'],
  ...['product-code', 'product-code.type', 'public-ssm-parameter-name'],
];

const REASON_CODE = 'Server.InternalError';

function keyOf(world: World, { snapshotId }: ImageRecord): string | undefined {
  return world.state.snapshots[snapshotId]?.kmsKeyArn;
}

function locationOf({ owner, name }: ImageRecord): string {
  return `${owner === AMAZON_ACCOUNT_ID ? 'amazon' : owner}/${name}`;
}

function describeImage(world: World, { account }: Scope, image: ImageRecord): Image {
  const alias = ownerAlias(image.owner);
  const lastLaunchedTime = reportedLaunch(world, image);
  const { description, stateReason, deprecatedAt } = image;
  return {
    ImageId: image.id,
    Name: image.name,
    ...(description !== undefined && { Description: description }),
    ImageLocation: locationOf(image),
    OwnerId: image.owner,
    ...(alias !== undefined && { ImageOwnerAlias: alias }),
    Public: isPublic(image),
    State: image.state,
    ...(stateReason !== undefined && { StateReason: { Code: REASON_CODE, Message: stateReason } }),
    Architecture: image.architecture,
    CreationDate: new Date(image.createdAt).toISOString(),
    ImageType: 'machine',
    PlatformDetails: 'Linux/UNIX',
    UsageOperation: 'RunInstances',
    Hypervisor: 'xen',
    VirtualizationType: image.virtualizationType,
    EnaSupport: image.enaSupport,
    RootDeviceName: image.rootDeviceName,
    RootDeviceType: 'ebs',
    BlockDeviceMappings: [describeMapping(world, image), ...describeFurther(world, image)],
    ...(image.imdsSupport !== undefined && { ImdsSupport: image.imdsSupport }),
    ...(deprecatedAt !== undefined && { DeprecationTime: new Date(deprecatedAt).toISOString() }),
    DeregistrationProtection: describeProtection(world, image),
    ...(lastLaunchedTime !== undefined && { LastLaunchedTime: lastLaunchedTime }),
    ...(image.sourceInstanceId !== undefined &&
      image.owner === account && { SourceInstanceId: image.sourceInstanceId }),
    ...(image.sourceImageId !== undefined && { SourceImageId: image.sourceImageId }),
    ...(image.sourceRegion !== undefined && { SourceImageRegion: image.sourceRegion }),
    Tags: describeTags(image.tags),
  };
}

export function describeMapping(world: World, image: ImageRecord): NonNullable<Image['BlockDeviceMappings']>[number] {
  const key = keyOf(world, image);
  return {
    DeviceName: image.rootDeviceName,
    Ebs: {
      SnapshotId: image.snapshotId,
      VolumeSize: image.volumeGb,
      VolumeType: 'gp3',
      DeleteOnTermination: true,
      Encrypted: key !== undefined,
      ...(key !== undefined && { KmsKeyId: key }),
    },
  };
}
