import {
  RunInstancesCommand,
  StartInstancesCommand,
  StopInstancesCommand,
  TerminateInstancesCommand,
  paginateDescribeInstances,
  type BlockDeviceMapping,
  type Filter,
  type Instance,
  type InstanceMarketOptionsRequest,
  type ResourceType,
  type RunInstancesCommandInput,
} from '@aws-sdk/client-ec2';
import type { Cloud, Launch } from '../build/cloud.js';
import type { InstanceRecord, Market } from '../images/instance-record.js';
import { MANAGED_TAG, RUN_TOKEN_TAG, TEMPLATE_HASH_TAG, readInstance } from '../images/tags.js';
import { chunk } from '../lib/chunk.js';
import type { Clients } from './clients.js';
import { blockDevices } from './block-devices.js';
import type { DescribeImage } from './describe-image.js';
import { asked, codeOf } from './failure.js';
import { fromTagList, toTagList } from './tag-list.js';

type InstanceCalls = Pick<Cloud, 'launch' | 'stop' | 'start' | 'terminate' | 'findInstances' | 'listInstances'>;

/** EC2 takes at most 200 values in one filter (EC2 User Guide, "List and filter your resources"). */
const VALUES_PER_FILTER = 200;

/** Everything but terminated: what still costs or will. */
const LIVE_STATES = ['pending', 'running', 'stopping', 'stopped', 'shutting-down'];

export function instanceCalls({ ec2 }: Pick<Clients, 'ec2'>, region: string, describe: DescribeImage): InstanceCalls {
  // By filter, not by id: an id that is too new to be known fails a request by id, and all others with it.
  const find = async (filters: Filter[]): Promise<readonly InstanceRecord[]> =>
    asked('DescribeInstances', async () => {
      const found: InstanceRecord[] = [];
      for await (const page of paginateDescribeInstances({ client: ec2, pageSize: 1000 }, { Filters: filters })) {
        for (const { Instances = [] } of page.Reservations ?? []) {
          for (const instance of Instances) found.push(...recordOf(instance, region));
        }
      }
      return found;
    });

  const terminate: InstanceCalls['terminate'] = async (instanceIds) => {
    if (instanceIds.length === 0) return [];
    // One unknown id fails the whole request (TerminateInstances, EC2 API reference), so the rest is asked one by one.
    try {
      await asked('TerminateInstances', () =>
        ec2.send(new TerminateInstancesCommand({ InstanceIds: [...instanceIds] })),
      );
      return [];
    } catch (error) {
      if (codeOf(error) !== 'InvalidInstanceID.NotFound') throw error;
      if (instanceIds.length === 1) return instanceIds;
      const unknown = await Promise.all(instanceIds.map((id) => terminate([id])));
      return unknown.flat();
    }
  };

  return {
    launch: async (launch) => {
      const input = runInstancesInput(launch, blockDevices(launch, await describe(launch.imageId)));
      const answer = await asked('RunInstances', () => ec2.send(new RunInstancesCommand(input)));
      const { InstanceId: instanceId, Placement } = answer.Instances?.[0] ?? {};
      if (instanceId === undefined) throw new Error('RunInstances answered without an instance');
      return { instanceId, zone: Placement?.AvailabilityZone };
    },

    stop: async (instanceId) => {
      await asked('StopInstances', () => ec2.send(new StopInstancesCommand({ InstanceIds: [instanceId] })));
    },

    start: async (instanceId) => {
      await asked('StartInstances', () => ec2.send(new StartInstancesCommand({ InstanceIds: [instanceId] })));
    },

    terminate,

    findInstances: async (templateHashes) => {
      const pages = chunk(templateHashes, VALUES_PER_FILTER).map((values) => find([tagged(TEMPLATE_HASH_TAG, values)]));
      return (await Promise.all(pages)).flat();
    },

    listInstances: (options) =>
      find([
        options === undefined ? tagged(MANAGED_TAG, ['true']) : tagged(RUN_TOKEN_TAG, [options.runToken]),
        { Name: 'instance-state-name', Values: LIVE_STATES },
      ]),
  };
}

function runInstancesInput(launch: Launch, mappings: BlockDeviceMapping[]): RunInstancesCommandInput {
  const tags = toTagList(launch.tags);
  return {
    ImageId: launch.imageId,
    InstanceType: launch.instanceType as NonNullable<RunInstancesCommandInput['InstanceType']>,
    MinCount: 1,
    MaxCount: 1,
    ClientToken: launch.clientToken,
    ...(launch.market === 'spot' ? { InstanceMarketOptions: ONE_TIME_SPOT } : {}),
    ...(launch.subnetId === undefined ? {} : { SubnetId: launch.subnetId }),
    ...(launch.securityGroupIds.length === 0 ? {} : { SecurityGroupIds: [...launch.securityGroupIds] }),
    ...(launch.instanceProfile === undefined ? {} : { IamInstanceProfile: profile(launch.instanceProfile) }),
    UserData: Buffer.from(launch.userData).toString('base64'),
    InstanceInitiatedShutdownBehavior: 'terminate',
    MetadataOptions: { HttpTokens: 'required', HttpEndpoint: 'enabled', HttpPutResponseHopLimit: 2 },
    BlockDeviceMappings: mappings,
    TagSpecifications: CREATED[launch.market].map((type) => ({ ResourceType: type, Tags: tags })),
  };
}

/** What a launch creates, all of it to be tagged. */
const CREATED = {
  'on-demand': ['instance', 'volume', 'network-interface'],
  spot: ['instance', 'volume', 'network-interface', 'spot-instances-request'],
} as const satisfies Record<Market, readonly ResourceType[]>;

/** Without a price of our own: never more than on demand (EC2 User Guide, "Spot Instance pricing and savings"). */
const ONE_TIME_SPOT = {
  MarketType: 'spot',
  SpotOptions: { SpotInstanceType: 'one-time', InstanceInterruptionBehavior: 'terminate' },
} as const satisfies InstanceMarketOptionsRequest;

/** An ARN or a plain name, as users have it. */
function profile(nameOrArn: string): { Arn: string } | { Name: string } {
  return nameOrArn.startsWith('arn:') ? { Arn: nameOrArn } : { Name: nameOrArn };
}

function tagged(key: string, values: readonly string[]): Filter {
  return { Name: `tag:${key}`, Values: [...values] };
}

function recordOf(instance: Instance, region: string): readonly InstanceRecord[] {
  const { InstanceId: instanceId, ImageId: imageId, LaunchTime, State, Tags } = instance;
  if (instanceId === undefined || imageId === undefined) return [];
  if (LaunchTime === undefined || State?.Name === undefined) return [];
  const record = readInstance({
    instanceId,
    region,
    imageId,
    instanceType: instance.InstanceType ?? '',
    market: instance.InstanceLifecycle === 'spot' ? 'spot' : 'on-demand',
    state: State.Name,
    stateReason: instance.StateReason?.Message ?? instance.StateTransitionReason,
    launchedAt: LaunchTime.getTime(),
    tags: fromTagList(Tags),
  });
  return record === undefined ? [] : [record];
}
