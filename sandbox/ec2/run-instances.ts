import { createHash } from 'node:crypto';
import type { Reservation, RunInstancesRequest } from '@aws-sdk/client-ec2';
import { ACCOUNT_ID, newId } from '../account.js';
import { lacksCapacity } from '../faults.js';
import type { ImageRecord, InstanceRecord } from '../state.js';
import { AwsError } from '../wire/aws-error.js';
import type { Caller } from '../wire/operation.js';
import type { World } from '../world.js';
import { describeReservation } from './describe-instances.js';
import { requireImage } from './image-lookup.js';
import { start } from './instance-life.js';
import { INSTANCE_TYPES } from './instance-types.js';
import { securityGroupId, subnetsOf, type SubnetRecord } from './network.js';
import { tagsFor } from './tag-specifications.js';

const TAGGABLE = ['instance', 'volume', 'network-interface', 'spot-instances-request', 'elastic-gpu'];
const MOST_USER_DATA_BYTES = 16_384;
const LONGEST_CLIENT_TOKEN = 64;
/** Real programs on one machine: beyond this it is a mistake. */
const MOST_INSTANCES = 50;

export function runInstances(world: World, request: RunInstancesRequest, caller: Caller): Reservation {
  const { region } = caller;
  const { ImageId, ClientToken } = request;
  if (ImageId === undefined) throw missing('ImageId');
  const subnet = chooseSubnet(request, region);
  const earlier = ClientToken === undefined ? undefined : reservedBefore(world, request, region);
  if (earlier !== undefined) return describeReservation(world, earlier);

  const image = requireImage(world, region, ImageId);
  if (image.state !== 'available') {
    throw new AwsError(
      'InvalidAMIID.Unavailable',
      `The image ID '${ImageId}' is not available, or is not in a state from which you can launch`,
    );
  }
  const type = checkType(world, request, image, subnet);
  const count = checkCount(request);
  checkUserData(request.UserData);
  checkSecurityGroups(request, region);
  const tags = tagsFor('instance', request.TagSpecifications, TAGGABLE);
  tagsFor('volume', request.TagSpecifications, TAGGABLE);

  const reservationId = newId('r');
  const instances = Array.from({ length: count }, () =>
    makeInstance(world, { request, image, type, subnet, reservationId, region, tags: { ...tags } }),
  );
  for (const instance of instances) world.state.instances[instance.id] = instance;
  if (ClientToken !== undefined) {
    world.state.clientTokens[tokenKey(request, region)] = { request: digestOf(request), reservationId };
  }
  for (const instance of instances) start(world, instance);
  return describeReservation(world, instances);
}

interface NewInstance {
  readonly request: RunInstancesRequest;
  readonly image: ImageRecord;
  readonly type: string;
  readonly subnet: SubnetRecord;
  readonly reservationId: string;
  readonly region: string;
  readonly tags: Record<string, string>;
}

function makeInstance(world: World, made: NewInstance): InstanceRecord {
  const { request, image, type, subnet, reservationId, region, tags } = made;
  const id = newId('i');
  const bytes = createHash('sha256').update(id).digest();
  const profile = request.IamInstanceProfile;
  const sizes = (request.BlockDeviceMappings ?? []).flatMap(({ Ebs }) => Ebs?.VolumeSize ?? []);
  return {
    id,
    region,
    zone: subnet.zone,
    subnetId: subnet.id,
    securityGroupIds: request.SecurityGroupIds ?? [securityGroupId(region)],
    reservationId,
    imageId: image.id,
    type,
    architecture: image.architecture,
    privateIp: `10.0.${bytes[0] ?? 0}.${(bytes[1] ?? 0) || 1}`,
    profileArn: profile && (profile.Arn ?? `arn:aws:iam::${ACCOUNT_ID}:instance-profile/${profile.Name}`),
    shutdownBehavior: request.InstanceInitiatedShutdownBehavior ?? 'stop',
    clientToken: request.ClientToken,
    httpTokens: request.MetadataOptions?.HttpTokens ?? 'optional',
    volumeId: newId('vol'),
    volumeGb: Math.max(image.volumeGb, ...sizes),
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
 * The instances that this token already made. Zonal when the request names a subnet or zone, else regional; another
 * request with the same token is an error (`DEV:ec2-api-idempotency`). A token outlives its instances.
 */
function reservedBefore(
  world: World,
  request: RunInstancesRequest,
  region: string,
): readonly InstanceRecord[] | undefined {
  const { ClientToken = '' } = request;
  if (ClientToken.length > LONGEST_CLIENT_TOKEN) {
    throw new AwsError('InvalidParameterValue', `Client token must be at most ${LONGEST_CLIENT_TOKEN} characters long`);
  }
  const earlier = world.state.clientTokens[tokenKey(request, region)];
  if (earlier === undefined) return undefined;
  if (earlier.request !== digestOf(request)) {
    throw new AwsError(
      'IdempotentParameterMismatch',
      'Arguments on this idempotent request are inconsistent with arguments used in previous request(s).',
    );
  }
  return Object.values(world.state.instances).filter(({ reservationId }) => reservationId === earlier.reservationId);
}

function tokenKey(request: RunInstancesRequest, region: string): string {
  const isZonal = request.SubnetId !== undefined || request.Placement?.AvailabilityZone !== undefined;
  return `${isZonal ? chooseSubnet(request, region).zone : region} ${request.ClientToken}`;
}

function digestOf(request: RunInstancesRequest): string {
  return createHash('sha256').update(JSON.stringify(request)).digest('hex');
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
  if (lacksCapacity(world.faults, name, subnet.zone)) {
    throw new AwsError(
      'InsufficientInstanceCapacity',
      `We currently do not have sufficient ${name} capacity in the Availability Zone you requested (${subnet.zone}). ` +
        'Our system will be working on provisioning additional capacity.',
      500,
    );
  }
  return name;
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
