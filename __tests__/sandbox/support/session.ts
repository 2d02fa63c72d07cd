import {
  CreateImageCommand,
  DescribeImagesCommand,
  DescribeInstancesCommand,
  EC2Client,
  RunInstancesCommand,
  type CreateImageRequest,
  type RunInstancesRequest,
} from '@aws-sdk/client-ec2';
import {
  DescribeInstanceInformationCommand,
  GetCommandInvocationCommand,
  GetParameterCommand,
  SendCommandCommand,
  SSMClient,
  type GetCommandInvocationResult,
} from '@aws-sdk/client-ssm';
import { setTimeout as delay } from 'node:timers/promises';
import { MACHINE_ARCHITECTURE } from '../../../sandbox/account.js';
import type { Sandbox } from '../../../sandbox/start.js';
import { credentialsOf } from './credentials-of.js';

export const REGION = 'us-west-2';
const BASE = `/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-${MACHINE_ARCHITECTURE}`;
const TYPE = MACHINE_ARCHITECTURE === 'arm64' ? 'm7g.large' : 'm7i.large';
const POLL_MS = 15;
/** Only for what never comes: a busy machine may take its time. */
const TIMEOUT_MS = 120_000;
const NOT_YET = ['InvalidInstanceID.NotFound', 'InvalidAMIID.NotFound', 'InvocationDoesNotExist'];

export type Reachable = Pick<Sandbox, 'endpoint' | 'environment'>;

/** The real SDK's clients, pointed at a sandbox, with the waits that every scenario needs. */
export function openSession(sandbox: Reachable, region = REGION, credentials = credentialsOf(sandbox)) {
  const { endpoint } = sandbox;
  const ec2 = new EC2Client({ endpoint, region, credentials });
  const ssm = new SSMClient({ endpoint, region, credentials });

  const baseImage = async (): Promise<string> =>
    (await ssm.send(new GetParameterCommand({ Name: BASE }))).Parameter?.Value ?? '';

  const launch = async (imageId: string, extra: Partial<RunInstancesRequest> = {}): Promise<string> => {
    const { Instances } = await ec2.send(
      new RunInstancesCommand({
        ImageId: imageId,
        InstanceType: TYPE,
        MinCount: 1,
        MaxCount: 1,
        IamInstanceProfile: { Name: 'builder' },
        ...extra,
      }),
    );
    return Instances?.[0]?.InstanceId ?? '';
  };

  const stateOf = async (id: string): Promise<string> => {
    const { Reservations } = await ec2.send(new DescribeInstancesCommand({ InstanceIds: [id] }));
    return Reservations?.[0]?.Instances?.[0]?.State?.Name ?? '';
  };

  const pinged = async (id: string): Promise<number> => {
    const filter = { Key: 'InstanceIds', Values: [id] };
    const { InstanceInformationList } = await ssm.send(new DescribeInstanceInformationCommand({ Filters: [filter] }));
    return InstanceInformationList?.[0]?.LastPingDateTime?.getTime() ?? 0;
  };

  const online = (id: string, after = 0): Promise<true> =>
    until(async () => (await pinged(id)) > after || undefined, `${id} online`);

  const reach = (id: string, state: string): Promise<true> =>
    until(async () => (await stateOf(id)) === state || undefined, `${id} ${state}`);

  const send = async (id: string, commands: readonly string[], executionTimeout = '3600'): Promise<string> => {
    const { Command } = await ssm.send(
      new SendCommandCommand({
        DocumentName: 'AWS-RunShellScript',
        InstanceIds: [id],
        Parameters: { commands: [...commands], executionTimeout: [executionTimeout] },
      }),
    );
    return Command?.CommandId ?? '';
  };

  const invocation = (id: string, commandId: string): Promise<GetCommandInvocationResult> =>
    ssm.send(new GetCommandInvocationCommand({ CommandId: commandId, InstanceId: id }));

  const result = (id: string, commandId: string): Promise<GetCommandInvocationResult> =>
    until(async () => {
      const found = await invocation(id, commandId);
      return ['Pending', 'InProgress', 'Cancelling'].includes(found.Status ?? '') ? undefined : found;
    }, `end of ${commandId}`);

  const run = async (id: string, ...commands: readonly string[]): Promise<GetCommandInvocationResult> =>
    result(id, await send(id, commands));

  const imageStateOf = async (id: string): Promise<string> =>
    (await ec2.send(new DescribeImagesCommand({ ImageIds: [id] }))).Images?.[0]?.State ?? '';

  const createImage = async (request: CreateImageRequest): Promise<string> => {
    const { ImageId = '' } = await ec2.send(new CreateImageCommand(request));
    await until(async () => (await imageStateOf(ImageId)) !== 'pending' || undefined, `${ImageId} made`);
    return ImageId;
  };

  return { ec2, ssm, baseImage, launch, stateOf, pinged, online, reach, send, invocation, result, run, createImage };
}

/** Asks again until there is an answer; ids that AWS does not know yet count as none. */
export async function until<Value>(ask: () => Promise<Value | undefined>, what: string): Promise<Value> {
  const deadline = Date.now() + TIMEOUT_MS;
  while (Date.now() < deadline) {
    try {
      const value = await ask();
      if (value !== undefined) return value;
    } catch (error) {
      if (!(error instanceof Error) || !NOT_YET.includes(error.name)) throw error;
    }
    await delay(POLL_MS);
  }
  throw new Error(`waited ${TIMEOUT_MS} ms in vain for: ${what}`);
}
