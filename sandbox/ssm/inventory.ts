import type {
  DescribeInstanceInformationRequest,
  DescribeInstanceInformationResult,
  InstanceInformation,
} from '@aws-sdk/client-ssm';
import { PLATFORM } from '../machine/platform.js';
import type { InstanceRecord } from '../state.js';
import { AwsError } from '../wire/aws-error.js';
import type { Caller } from '../wire/operation.js';
import { pageOf } from '../wire/paging.js';
import type { World } from '../world.js';

/** How often the agent says that it is there; until then an instance that went down still looks online. */
const HEARTBEAT_MS = 300_000;

const FIELDS: Readonly<Record<string, (instance: InstanceRecord) => string>> = {
  InstanceIds: ({ id }) => id,
  PingStatus: () => 'Online',
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
    if (field !== undefined) return (instance: InstanceRecord) => values.includes(field(instance));
    if (!key.startsWith('tag:')) throw new AwsError('InvalidFilterKey', `The filter key ${key} is not valid.`);
    return (instance: InstanceRecord) => values.includes(instance.tags[key.slice('tag:'.length)] ?? '');
  });
  const registered = Object.values(world.state.instances).filter(
    (instance) =>
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

function describe(world: World, instance: InstanceRecord): InstanceInformation {
  const registeredAt = instance.registeredAt ?? 0;
  const isThere = world.running.get(instance.id)?.deliver !== undefined;
  const beats = isThere ? Math.floor((world.now() - registeredAt) / HEARTBEAT_MS) : 0;
  return {
    InstanceId: instance.id,
    PingStatus: 'Online',
    LastPingDateTime: new Date(registeredAt + beats * HEARTBEAT_MS),
    AgentVersion: '3.3.0.0',
    IsLatestVersion: true,
    PlatformType: 'Linux',
    PlatformName: PLATFORM.name,
    PlatformVersion: PLATFORM.version,
    ResourceType: 'EC2Instance',
    IPAddress: instance.privateIp,
    ComputerName: `ip-${instance.privateIp.replaceAll('.', '-')}.${instance.region}.compute.internal`,
    SourceId: instance.id,
    SourceType: 'AWS::EC2::Instance',
  };
}
