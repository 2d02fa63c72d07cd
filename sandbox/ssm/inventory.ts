import type {
  DescribeInstanceInformationRequest,
  DescribeInstanceInformationResult,
  InstanceInformation,
} from '@aws-sdk/client-ssm';
import type { InstanceRecord } from '../state.js';
import { AwsError } from '../wire/aws-error.js';
import type { Caller } from '../wire/operation.js';
import { pageOf } from '../wire/paging.js';
import type { World } from '../world.js';

/** How often the agent says that it is there; until it is missed, an instance that went down still looks online. */
const HEARTBEAT_MS = 300_000;

/** After so many missed heartbeats the connection counts as lost; AWS gives no number. */
const MISSED_HEARTBEATS = 2;

const FIELDS: Readonly<Record<string, (instance: InstanceRecord, now: number) => string>> = {
  InstanceIds: ({ id }) => id,
  PingStatus: pingStatus,
  PlatformTypes: () => 'Linux',
  ResourceType: () => 'EC2Instance',
};

/** Registered nodes; stopped and terminated ones are left out (`SDK`). */
export function describeInstanceInformation(
  world: World,
  request: DescribeInstanceInformationRequest,
  caller: Caller,
): DescribeInstanceInformationResult {
  const filters = (request.Filters ?? []).map(({ Key = '', Values = [] }) => ({ key: Key, values: Values }));
  const old = (request.InstanceInformationFilterList ?? []).map(({ key = '', valueSet = [] }) => ({
    key,
    values: valueSet,
  }));
  const tests = [...filters, ...old].map(({ key, values }) => {
    const field = FIELDS[key];
    if (field !== undefined) return (instance: InstanceRecord) => values.includes(field(instance, world.now()));
    if (!key.startsWith('tag:')) throw new AwsError('InvalidFilterKey', `The filter key ${key} is not valid.`);
    return (instance: InstanceRecord) => values.includes(instance.tags[key.slice('tag:'.length)] ?? '');
  });
  const registered = Object.values(world.state.instances).filter(
    (instance) =>
      instance.owner === caller.account &&
      instance.region === caller.region &&
      instance.registeredAt !== undefined &&
      (instance.state === 'running' || instance.state === 'stopping') &&
      tests.every((test) => test(instance)),
  );
  const limits = { least: 5, most: 50, usual: 10, badToken: 'InvalidNextToken' };
  const page = pageOf(registered, request, ({ id }) => id, limits);
  return {
    InstanceInformationList: page.items.map((instance) => describe(world, instance)),
    ...(page.NextToken !== undefined && { NextToken: page.NextToken }),
  };
}

/** The agent's last heartbeat: the first when it registered, then one every five minutes while it is there. */
function lastPing({ registeredAt = 0, agentSilentSince }: InstanceRecord, now: number): number {
  const beats = Math.floor(((agentSilentSince ?? now) - registeredAt) / HEARTBEAT_MS);
  return registeredAt + beats * HEARTBEAT_MS;
}

function pingStatus(instance: InstanceRecord, now: number): 'Online' | 'ConnectionLost' {
  return now - lastPing(instance, now) > MISSED_HEARTBEATS * HEARTBEAT_MS ? 'ConnectionLost' : 'Online';
}

function describe(world: World, instance: InstanceRecord): InstanceInformation {
  return {
    InstanceId: instance.id,
    PingStatus: pingStatus(instance, world.now()),
    LastPingDateTime: new Date(lastPing(instance, world.now())),
    AgentVersion: '3.3.0.0',
    IsLatestVersion: true,
    PlatformType: 'Linux',
    PlatformName: world.base.platform.name,
    PlatformVersion: world.base.platform.version,
    ResourceType: 'EC2Instance',
    IPAddress: instance.privateIp,
    ComputerName: `ip-${instance.privateIp.replaceAll('.', '-')}.${instance.region}.compute.internal`,
    SourceId: instance.id,
    SourceType: 'AWS::EC2::Instance',
  };
}
