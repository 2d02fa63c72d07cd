import type {
  DescribeInstancesRequest,
  DescribeInstancesResult,
  DescribeInstanceStatusRequest,
  DescribeInstanceStatusResult,
  GetConsoleOutputRequest,
  GetConsoleOutputResult,
  Instance,
  InstanceState,
  InstanceStatus,
  Reservation,
  _InstanceType,
} from '@aws-sdk/client-ec2';
import { fixedId } from '../account.js';
import type { InstanceRecord, InstanceStateName } from '../state.js';
import { AwsError } from '../wire/aws-error.js';
import { makeFilter, type FilterFields } from '../wire/filters.js';
import type { Caller } from '../wire/operation.js';
import { pageOf } from '../wire/paging.js';
import type { World } from '../world.js';
import { requireInstances, visibleInstances } from './instance-lookup.js';
import { describeAttached } from './further-volumes.js';
import { vpcId } from './network.js';
import { describeTags } from './tag-specifications.js';

const STATE_CODES = {
  pending: 0,
  running: 16,
  'shutting-down': 32,
  terminated: 48,
  stopping: 64,
  stopped: 80,
} as const satisfies Record<InstanceStateName, number>;

const FILTERS: FilterFields<InstanceRecord> = {
  'instance-id': ({ id }) => [id],
  'instance-state-name': ({ state }) => [state],
  'instance-state-code': ({ state }) => [String(STATE_CODES[state])],
  'instance-type': ({ type }) => [type],
  'image-id': ({ imageId }) => [imageId],
  'client-token': ({ clientToken }) => [clientToken],
  'reservation-id': ({ reservationId }) => [reservationId],
  'subnet-id': ({ subnetId }) => [subnetId],
  'vpc-id': ({ region }) => [vpcId(region)],
  'availability-zone': ({ zone }) => [zone],
  architecture: ({ architecture }) => [architecture],
  'private-ip-address': ({ privateIp }) => [privateIp],
  'owner-id': ({ owner }) => [owner],
  'launch-time': ({ launchedAt }) => [new Date(launchedAt).toISOString()],
  'iam-instance-profile.arn': ({ profileArn }) => [profileArn],
  'instance.group-id': ({ securityGroupIds }) => securityGroupIds,
  'state-reason-code': ({ stateReason }) => [stateReason?.code],
  'block-device-mapping.volume-id': ({ volumeId, furtherVolumes }) => [volumeId, ...furtherVolumes.map(({ id }) => id)],
  'metadata-options.http-tokens': ({ httpTokens }) => [httpTokens],
  'instance-lifecycle': ({ market }) => [market.kind === 'spot' ? 'spot' : undefined],
  'spot-instance-request-id': ({ market }) => [market.kind === 'spot' ? market.requestId : undefined],
  'root-device-type': () => ['ebs'],
  'virtualization-type': () => ['hvm'],
};

export function describeInstances(
  world: World,
  request: DescribeInstancesRequest,
  caller: Caller,
): DescribeInstancesResult {
  const { InstanceIds, Filters, MaxResults } = request;
  refuseIdsWithPaging(InstanceIds, MaxResults);
  const matches = makeFilter(Filters, FILTERS);
  const named =
    InstanceIds === undefined ? visibleInstances(world, caller) : requireInstances(world, caller, InstanceIds);
  const page = pageOf(named.filter(matches), request, ({ id }) => id);
  const reservations = new Map<string, InstanceRecord[]>();
  for (const instance of page.items) {
    reservations.set(instance.reservationId, [...(reservations.get(instance.reservationId) ?? []), instance]);
  }
  return {
    Reservations: [...reservations.values()].map((instances) => describeReservation(world, instances)),
    ...(page.NextToken !== undefined && { NextToken: page.NextToken }),
  };
}

export function describeReservation(_world: World, instances: readonly InstanceRecord[]): Reservation {
  return {
    ReservationId: instances[0]?.reservationId,
    OwnerId: instances[0]?.owner,
    Groups: [],
    Instances: instances.map(describeInstance),
  };
}

export function describeState(state: InstanceStateName): InstanceState {
  return { Code: STATE_CODES[state], Name: state };
}

function describeInstance(instance: InstanceRecord): Instance {
  const isGone = instance.state === 'terminated';
  return {
    InstanceId: instance.id,
    ImageId: instance.imageId,
    InstanceType: instance.type as _InstanceType,
    Architecture: instance.architecture,
    LaunchTime: new Date(instance.launchedAt),
    State: describeState(instance.state),
    StateTransitionReason: instance.transitionReason,
    ...(instance.stateReason && {
      StateReason: { Code: instance.stateReason.code, Message: instance.stateReason.message },
    }),
    Placement: { AvailabilityZone: instance.zone, GroupName: '', Tenancy: 'default' },
    Monitoring: { State: 'disabled' },
    ClientToken: instance.clientToken ?? '',
    AmiLaunchIndex: 0,
    EbsOptimized: false,
    EnaSupport: true,
    Hypervisor: 'xen',
    VirtualizationType: 'hvm',
    RootDeviceName: '/dev/xvda',
    RootDeviceType: 'ebs',
    PublicDnsName: '',
    PrivateDnsName: isGone ? '' : `ip-${instance.privateIp.replaceAll('.', '-')}.${instance.region}.compute.internal`,
    ...(!isGone && {
      PrivateIpAddress: instance.privateIp,
      SubnetId: instance.subnetId,
      VpcId: vpcId(instance.region),
    }),
    SecurityGroups: isGone ? [] : instance.securityGroupIds.map((GroupId) => ({ GroupId, GroupName: 'default' })),
    BlockDeviceMappings: isGone
      ? []
      : [
          {
            DeviceName: '/dev/xvda',
            Ebs: {
              VolumeId: instance.volumeId,
              Status: 'attached',
              DeleteOnTermination: true,
              AttachTime: new Date(instance.createdAt),
            },
          },
          ...describeAttached(instance),
        ],
    MetadataOptions: {
      State: 'applied',
      HttpTokens: instance.httpTokens,
      HttpEndpoint: instance.metadataEndpoint,
      HttpPutResponseHopLimit: 2,
      InstanceMetadataTags: instance.metadataTags,
    },
    ...(instance.market.kind === 'spot' && {
      InstanceLifecycle: 'spot',
      SpotInstanceRequestId: instance.market.requestId,
    }),
    ...(instance.profileArn !== undefined && {
      IamInstanceProfile: { Arn: instance.profileArn, Id: fixedId('AIPA', instance.profileArn) },
    }),
    Tags: describeTags(instance.tags),
  };
}

export function describeInstanceStatus(
  world: World,
  request: DescribeInstanceStatusRequest,
  caller: Caller,
): DescribeInstanceStatusResult {
  const { InstanceIds, Filters, MaxResults, IncludeAllInstances = false } = request;
  refuseIdsWithPaging(InstanceIds, MaxResults);
  const matches = makeFilter(Filters, FILTERS);
  const named =
    InstanceIds === undefined ? visibleInstances(world, caller) : requireInstances(world, caller, InstanceIds);
  const shown = named.filter((instance) => (IncludeAllInstances || instance.state === 'running') && matches(instance));
  const page = pageOf(shown, request, ({ id }) => id);
  return {
    InstanceStatuses: page.items.map((instance) => describeStatus(world, instance)),
    ...(page.NextToken !== undefined && { NextToken: page.NextToken }),
  };
}

function describeStatus(world: World, instance: InstanceRecord): InstanceStatus {
  const machine = world.running.get(instance.id)?.machine;
  const isRunning = instance.state === 'running';
  const reached = !isRunning
    ? 'not-applicable'
    : machine === undefined
      ? 'initializing'
      : machine.pid > 0
        ? 'ok'
        : 'impaired';
  return {
    InstanceId: instance.id,
    AvailabilityZone: instance.zone,
    InstanceState: describeState(instance.state),
    InstanceStatus: { Status: reached },
    SystemStatus: { Status: isRunning ? 'ok' : 'not-applicable' },
    Events: [],
  };
}

export function getConsoleOutput(
  world: World,
  request: GetConsoleOutputRequest,
  caller: Caller,
): GetConsoleOutputResult {
  const { InstanceId = '' } = request;
  requireInstances(world, caller, [InstanceId]);
  const text = world.consoles.get(InstanceId) ?? '';
  return { InstanceId, Timestamp: new Date(world.now()), Output: Buffer.from(text).toString('base64') };
}

function refuseIdsWithPaging(ids: readonly string[] | undefined, maxResults: number | undefined): void {
  if (ids === undefined || maxResults === undefined) return;
  throw new AwsError(
    'InvalidParameterCombination',
    'The parameter instancesSet cannot be used with the parameter maxResults',
  );
}
