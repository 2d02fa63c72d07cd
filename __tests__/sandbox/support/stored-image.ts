import {
  DescribeImagesCommand,
  RegisterImageCommand,
  StopInstancesCommand,
  TerminateInstancesCommand,
  type EC2Client,
  type RegisterImageRequest,
  type RunInstancesRequest,
} from '@aws-sdk/client-ec2';
import { MACHINE_ARCHITECTURE } from '../../../sandbox/account.js';
import { openSession, until } from './session.js';
import type { Sandbox } from '../../../sandbox/start.js';

/** An image of the default account with a file of its own, made as users make one, and the builder ended. */
export async function buildImage(
  sandbox: Sandbox,
  { name, from, commands, launch = {} }: BuildOptions,
): Promise<StoredImage> {
  const session = openSession(sandbox);
  const id = await session.launch(from ?? (await session.baseImage()), launch);
  await session.online(id);
  await session.run(id, ...commands);
  await session.ec2.send(new StopInstancesCommand({ InstanceIds: [id] }));
  await session.reach(id, 'stopped');
  const imageId = await session.createImage({ InstanceId: id, Name: name });
  await session.ec2.send(new TerminateInstancesCommand({ InstanceIds: [id] }));
  await session.reach(id, 'terminated');
  return { imageId, snapshotId: await snapshotOf(session.ec2, imageId), builderId: id };
}

export interface BuildOptions {
  readonly name: string;
  /** Default: the base image. */
  readonly from?: string;
  readonly commands: readonly string[];
  readonly launch?: Partial<RunInstancesRequest>;
}

export interface StoredImage {
  readonly imageId: string;
  readonly snapshotId: string;
  readonly builderId: string;
}

export async function snapshotOf(ec2: EC2Client, imageId: string): Promise<string> {
  const { Images } = await ec2.send(new DescribeImagesCommand({ ImageIds: [imageId] }));
  return Images?.[0]?.BlockDeviceMappings?.[0]?.Ebs?.SnapshotId ?? '';
}

/** A further image of the same snapshot: at once, and with no instance. Waits until it is known. */
export async function registerImage(
  ec2: EC2Client,
  snapshotId: string,
  request: Partial<RegisterImageRequest> & { readonly Name: string },
): Promise<string> {
  const { ImageId = '' } = await ec2.send(
    new RegisterImageCommand({
      Architecture: MACHINE_ARCHITECTURE,
      VirtualizationType: 'hvm',
      RootDeviceName: '/dev/xvda',
      BlockDeviceMappings: [{ DeviceName: '/dev/xvda', Ebs: { SnapshotId: snapshotId } }],
      ...request,
    }),
  );
  await until(async () => stateOf(ec2, ImageId), `${ImageId} to be known`);
  return ImageId;
}

/** State of an image that the client may see; undefined: it is not listed. */
export async function stateOf(ec2: EC2Client, imageId: string): Promise<string | undefined> {
  const { Images } = await ec2.send(new DescribeImagesCommand({ ImageIds: [imageId] }));
  return Images?.[0]?.State;
}
