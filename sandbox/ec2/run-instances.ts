import { createHash } from 'node:crypto';
import type { EbsBlockDevice, Reservation, RunInstancesRequest } from '@aws-sdk/client-ec2';
import { newId } from '../account.js';
import { lacksCapacity } from '../faults.js';
import type { ImageRecord, InstanceRecord } from '../state.js';
import { AwsError } from '../wire/aws-error.js';
import type { Caller } from '../wire/operation.js';
import type { World } from '../world.js';
import { describeReservation } from './describe-instances.js';
import { madeBefore, rememberToken, type TokenUse } from './client-tokens.js';
import { chosenKey } from './encryption.js';
import { checkSize, furtherVolumes } from './further-volumes.js';
import { requireImage } from './image-lookup.js';
import { scheduleMishaps } from './befall.js';
import { start } from './instance-life.js';
import { INSTANCE_TYPES } from './instance-types.js';
import { withLaunchTemplate } from './launch-template-data.js';
import { securityGroupId, subnetsOf, type SubnetRecord } from './network.js';
import { settingsOf } from './region-settings.js';
import { resolveImageId } from './resolve-image-id.js';
import { marketOf } from './spot.js';
import { tagsFor } from './tag-specifications.js';

const TAGGABLE = ['instance', 'volume', 'network-interface', 'spot-instances-request', 'elastic-gpu'];
/** `SDK RunInstances` */
const LONGEST_CLIENT_TOKEN = 64;
const MOST_USER_DATA_BYTES = 16_384;
/** Real programs on one machine: beyond this it is a mistake. */
const MOST_INSTANCES = 50;

export function runInstances(world: World, asked: RunInstancesRequest, caller: Caller): Reservation {
  const { region } = caller;
  const request = withLaunchTemplate(world, asked, caller);
  const { ImageId } = request;
  if (ImageId === undefined) throw missing('ImageId');
  const subnet = chooseSubnet(request, region);
  const use = tokenUse(request, caller);
  const earlier = madeBefore(world, use);
  if (earlier !== undefined) {
    const all = Object.values(world.state.instances);
    return describeReservation(
      world,
      all.filter(({ reservationId }) => reservationId === earlier),
    );
  }
  const image = requireImage(world, caller, resolveImageId(world, caller, ImageId));
  if (image.state !== 'available') {
    throw new AwsError(
      'InvalidAMIID.Unavailable',
      `The image ID '${image.id}' is not available, or is not in a state from which you can launch`,
    );
  }
  const isSpot = marketOf(request).kind === 'spot';
  const type = checkType(world, request, image, subnet);
  const count = checkCount(request);
  checkUserData(request.UserData);
  checkSecurityGroups(request, region);
  const tags = tagsFor('instance', request.TagSpecifications, TAGGABLE);
  tagsFor('volume', request.TagSpecifications, TAGGABLE);

  const root = rootOf(request, image);
  const kmsKeyArn = volumeKey(world, root, caller, image);
  const volumeGb = sizeOf(world, root, image);
  const reservationId = newId('r');
  const instances = Array.from({ length: count }, () =>
    makeInstance(world, {
      request,
      image,
      type,
      subnet,
      reservationId,
      caller,
      kmsKeyArn,
      volumeGb,
      tags: { ...tags },
    }),
  );
  for (const instance of instances) world.state.instances[instance.id] = instance;
  rememberToken(world, use, reservationId);
  image.lastLaunchedAt = world.now();
  if (world.state.images[image.id] === image) world.changed('images', image.id);
  for (const instance of instances) {
    start(world, instance);
    scheduleMishaps(world, instance, 'launch');
    if (isSpot) scheduleMishaps(world, instance, 'spot-launch');
  }
  return describeReservation(world, instances);
}

interface NewInstance {
  readonly request: RunInstancesRequest;
  readonly image: ImageRecord;
  readonly type: string;
  readonly subnet: SubnetRecord;
  readonly reservationId: string;
  readonly caller: Caller;
  readonly kmsKeyArn: string | undefined;
  readonly volumeGb: number;
  readonly tags: Record<string, string>;
}

function makeInstance(world: World, made: NewInstance): InstanceRecord {
  const { request, image, type, subnet, reservationId, caller, kmsKeyArn, volumeGb, tags } = made;
  const id = newId('i');
  const bytes = createHash('sha256').update(id).digest();
  const profile = request.IamInstanceProfile;
  return {
    id,
    owner: caller.account,
    region: caller.region,
    zone: subnet.zone,
    subnetId: subnet.id,
    securityGroupIds: request.SecurityGroupIds ?? [securityGroupId(caller.region)],
    reservationId,
    imageId: image.id,
    type,
    architecture: image.architecture,
    privateIp: `10.0.${bytes[0] ?? 0}.${(bytes[1] ?? 0) || 1}`,
    profileArn: profile && (profile.Arn ?? `arn:aws:iam::${caller.account}:instance-profile/${profile.Name}`),
    shutdownBehavior: request.InstanceInitiatedShutdownBehavior ?? 'stop',
    clientToken: request.ClientToken,
    httpTokens: request.MetadataOptions?.HttpTokens ?? (image.imdsSupport === undefined ? 'optional' : 'required'),
    metadataEndpoint: request.MetadataOptions?.HttpEndpoint ?? 'enabled',
    metadataTags: request.MetadataOptions?.InstanceMetadataTags ?? 'disabled',
    market: marketOf(request),
    interruptedAt: undefined,
    volumeId: newId('vol'),
    volumeGb,
    kmsKeyArn,
    furtherVolumes: furtherVolumes(world, request, image, caller),
    userData: request.UserData,
    launchedAt: world.now(),
    createdAt: world.now(),
    endedAt: undefined,
    layers: world.state.snapshots[image.snapshotId]?.layers ?? [],
    state: 'pending',
    stateReason: undefined,
    transitionReason: '',
    userDataDone: false,
    registeredAt: undefined,
    agentSilentSince: undefined,
    tags,
  };
}

function chooseSubnet({ SubnetId, Placement }: RunInstancesRequest, region: string): SubnetRecord {
  const subnets = subnetsOf(region);
  const zone = Placement?.AvailabilityZone;
  const found =
    SubnetId === undefined
      ? subnets.find((subnet) => zone === undefined || subnet.zone === zone)
      : subnets.find((subnet) => subnet.id === SubnetId);
  if (found !== undefined) return found;
  if (SubnetId !== undefined) {
    throw new AwsError('InvalidSubnetID.NotFound', `The subnet ID '${SubnetId}' does not exist`);
  }
  throw new AwsError('InvalidParameterValue', `Invalid availability zone: [${zone}]`);
}

/**
 * Zonal when the request names a subnet or zone, else regional; another request with the same token is an error
 * (`DEV:ec2-api-idempotency`).
 */
function tokenUse(request: RunInstancesRequest, { account, region }: Caller): TokenUse {
  const isZonal = request.SubnetId !== undefined || request.Placement?.AvailabilityZone !== undefined;
  const scope = `${account} RunInstances ${isZonal ? chooseSubnet(request, region).zone : region}`;
  return { scope, token: request.ClientToken, longest: LONGEST_CLIENT_TOKEN, request };
}

function checkType(world: World, request: RunInstancesRequest, image: ImageRecord, subnet: SubnetRecord): string {
  const name = request.InstanceType ?? 'm5.large';
  const type = INSTANCE_TYPES.get(name);
  if (type === undefined) throw new AwsError('InvalidParameterValue', `Invalid value '${name}' for InstanceType.`);
  if (type.architecture !== image.architecture) {
    throw new AwsError(
      'InvalidParameterValue',
      `The architecture '${type.architecture}' of the specified instance type does not match the architecture ` +
        `'${image.architecture}' of the specified AMI. Specify an instance type and an AMI that have matching architectures, and try again.`,
    );
  }
  if (image.virtualizationType !== 'hvm') {
    throw new AwsError(
      'InvalidParameterCombination',
      `Virtualization type 'hvm' is required for instances of type '${name}'. ` +
        `Ensure that you are using an AMI with virtualization type 'hvm'.`,
    );
  }
  if (lacksCapacity(world.faults, { instanceType: name, zone: subnet.zone, market: marketOf(request).kind })) {
    throw new AwsError(
      'InsufficientInstanceCapacity',
      `We currently do not have sufficient ${name} capacity in the Availability Zone you requested (${subnet.zone}). ` +
        'Our system will be working on provisioning additional capacity.',
      500,
    );
  }
  return name;
}

function rootOf({ BlockDeviceMappings = [] }: RunInstancesRequest, image: ImageRecord): EbsBlockDevice {
  return BlockDeviceMappings.find(({ DeviceName }) => DeviceName === image.rootDeviceName)?.Ebs ?? {};
}

function volumeKey(world: World, root: EbsBlockDevice, caller: Caller, image: ImageRecord): string | undefined {
  return chosenKey(root, {
    snapshotKey: world.state.snapshots[image.snapshotId]?.kmsKeyArn,
    isOwn: image.owner === caller.account,
    settings: settingsOf(world, caller),
    caller,
  });
}

/** The base image's snapshot is not on record, and is as large as the image says. */
function sizeOf(world: World, { VolumeSize }: EbsBlockDevice, image: ImageRecord): number {
  if (VolumeSize === undefined) return image.volumeGb;
  const { snapshotId: id, volumeGb } = image;
  return checkSize(VolumeSize, world.state.snapshots[id] ?? { id, volumeGb });
}

function checkCount({ MinCount, MaxCount }: RunInstancesRequest): number {
  if (MinCount === undefined) throw missing('MinCount');
  if (MaxCount === undefined) throw missing('MaxCount');
  if (MinCount < 1 || MaxCount < MinCount) {
    throw new AwsError('InvalidParameterValue', `Invalid value '${MaxCount}' for maxCount. Must be at least minCount.`);
  }
  if (MinCount > MOST_INSTANCES) {
    throw new AwsError('InstanceLimitExceeded', `The sandbox runs at most ${MOST_INSTANCES} instances a call.`);
  }
  return Math.min(MaxCount, MOST_INSTANCES);
}

function checkUserData(userData: string | undefined): void {
  if (userData === undefined) return;
  if (!/^[A-Za-z0-9+/\s]*={0,2}\s*$/.test(userData)) {
    throw new AwsError('InvalidParameterValue', 'Invalid BASE64 encoding of user data.');
  }
  if (Buffer.from(userData, 'base64').length > MOST_USER_DATA_BYTES) {
    throw new AwsError('InvalidParameterValue', 'User data is limited to 16384 bytes');
  }
}

function checkSecurityGroups({ SecurityGroupIds = [] }: RunInstancesRequest, region: string): void {
  const unknown = SecurityGroupIds.find((id) => id !== securityGroupId(region));
  if (unknown !== undefined) {
    throw new AwsError('InvalidGroup.NotFound', `The security group '${unknown}' does not exist`);
  }
}

function missing(name: string): AwsError {
  return new AwsError('MissingParameter', `The request must contain the parameter ${name}`);
}
