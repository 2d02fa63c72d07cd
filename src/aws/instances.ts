import {
  DescribeInstancesCommand,
  RunInstancesCommand,
  StopInstancesCommand,
  TerminateInstancesCommand,
  paginateDescribeInstances,
  type Instance,
  type RunInstancesCommandInput,
} from '@aws-sdk/client-ec2';
import type { Cloud, InstanceView, Launch } from '../build/cloud.js';
import type { InstanceRecord } from '../images/instance-record.js';
import { MANAGED_TAG, readInstance, type Tags } from '../images/tags.js';
import type { Clients } from './clients.js';
import { asked, codeOf } from './failure.js';
import { rootDeviceOf } from './images.js';
import { fromTagList, toTagList } from './tag-list.js';

type InstanceCalls = Pick<Cloud, 'launch' | 'stop' | 'terminate' | 'findInstances' | 'listInstances' | 'instances'>;

/** Everything but terminated: what still costs or will. */
const LIVE_STATES = ['pending', 'running', 'stopping', 'stopped', 'shutting-down'];

export function instanceCalls(clients: Clients, region: string): InstanceCalls {
  const { ec2 } = clients;
  const living = async (tags: Tags): Promise<readonly Instance[]> =>
    asked('DescribeInstances', async () => {
      const filters = [...tagFilters(tags), { Name: 'instance-state-name', Values: LIVE_STATES }];
      const found: Instance[] = [];
      for await (const page of paginateDescribeInstances({ client: ec2, pageSize: 1000 }, { Filters: filters })) {
        found.push(...instancesOf(page.Reservations));
      }
      return found;
    });

  return {
    launch: async (launch) => {
      const device = await rootDeviceOf(clients, launch.imageId);
      const input = runInstancesInput(launch, device);
      const answer = await asked('RunInstances', () => ec2.send(new RunInstancesCommand(input)));
      const id = answer.Instances?.[0]?.InstanceId;
      if (id === undefined) throw new Error('RunInstances answered without an instance');
      return id;
    },

    stop: async (instanceId) => {
      await asked('StopInstances', () => ec2.send(new StopInstancesCommand({ InstanceIds: [instanceId] })));
    },

    terminate: async (instanceIds) => {
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
        const unknown = await Promise.all(instanceIds.map((id) => instanceCalls(clients, region).terminate([id])));
        return unknown.flat();
      }
    },

    findInstances: async (tags) => (await living(tags)).flatMap(({ InstanceId }) => InstanceId ?? []),

    listInstances: async () =>
      (await living({ [MANAGED_TAG]: 'true' })).flatMap((instance) => recordOf(instance, region)),

    // By filter, not by id: an id that is too new to be known fails a request by id, and all others with it.
    instances: (ids) =>
      asked('DescribeInstances', async () => {
        const views = new Map<string, InstanceView>();
        const filters = [{ Name: 'instance-id', Values: [...ids] }];
        const answer = await ec2.send(new DescribeInstancesCommand({ Filters: filters, MaxResults: 1000 }));
        for (const instance of instancesOf(answer.Reservations)) {
          if (instance.InstanceId !== undefined) views.set(instance.InstanceId, viewOf(instance));
        }
        return views;
      }),
  };
}

function runInstancesInput(launch: Launch, rootDevice: string): RunInstancesCommandInput {
  const { gb, iops, throughput, encryption } = launch.volume;
  const tags = toTagList(launch.tags);
  return {
    ImageId: launch.imageId,
    InstanceType: launch.instanceType as NonNullable<RunInstancesCommandInput['InstanceType']>,
    MinCount: 1,
    MaxCount: 1,
    ClientToken: launch.clientToken,
    ...(launch.subnetId === undefined ? {} : { SubnetId: launch.subnetId }),
    ...(launch.securityGroupIds.length === 0 ? {} : { SecurityGroupIds: [...launch.securityGroupIds] }),
    ...(launch.instanceProfile === undefined ? {} : { IamInstanceProfile: profile(launch.instanceProfile) }),
    UserData: Buffer.from(launch.userData).toString('base64'),
    InstanceInitiatedShutdownBehavior: 'terminate',
    MetadataOptions: { HttpTokens: 'required', HttpEndpoint: 'enabled', HttpPutResponseHopLimit: 2 },
    BlockDeviceMappings: [
      {
        DeviceName: rootDevice,
        Ebs: {
          VolumeType: 'gp3',
          DeleteOnTermination: true,
          ...(gb === undefined ? {} : { VolumeSize: gb }),
          ...(iops === undefined ? {} : { Iops: iops }),
          ...(throughput === undefined ? {} : { Throughput: throughput }),
          ...(encryption === undefined ? {} : { Encrypted: true }),
          ...(encryption?.kmsKey === undefined ? {} : { KmsKeyId: encryption.kmsKey }),
        },
      },
    ],
    TagSpecifications: (['instance', 'volume', 'network-interface'] as const).map((type) => ({
      ResourceType: type,
      Tags: tags,
    })),
  };
}

/** An ARN or a plain name, as users have it. */
function profile(nameOrArn: string): { Arn: string } | { Name: string } {
  return nameOrArn.startsWith('arn:') ? { Arn: nameOrArn } : { Name: nameOrArn };
}

function tagFilters(tags: Tags): { Name: string; Values: string[] }[] {
  return Object.entries(tags).map(([key, value]) => ({ Name: `tag:${key}`, Values: [value] }));
}

function instancesOf(reservations: readonly { Instances?: Instance[] | undefined }[] | undefined): readonly Instance[] {
  return (reservations ?? []).flatMap((reservation) => reservation.Instances ?? []);
}

function recordOf(instance: Instance, region: string): readonly InstanceRecord[] {
  const { InstanceId: instanceId, LaunchTime, State, Tags } = instance;
  if (instanceId === undefined || LaunchTime === undefined || State?.Name === undefined) return [];
  const record = readInstance({
    instanceId,
    region,
    state: State.Name,
    launchedAt: LaunchTime.getTime(),
    tags: fromTagList(Tags),
  });
  return record === undefined ? [] : [record];
}

function viewOf(instance: Instance): InstanceView {
  return {
    state: instance.State?.Name ?? 'pending',
    reason: instance.StateReason?.Message ?? instance.StateTransitionReason,
  };
}
