import {
  DescribeImagesCommand,
  DescribeInstancesCommand,
  DescribeSubnetsCommand,
  RunInstancesCommand,
  StopInstancesCommand,
  TerminateInstancesCommand,
  type EbsBlockDevice,
  type RunInstancesRequest,
} from '@aws-sdk/client-ec2';
import { PutParameterCommand } from '@aws-sdk/client-ssm';
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { MACHINE_ARCHITECTURE } from '../../../sandbox/account.js';
import { startSandbox, type Sandbox } from '../../../sandbox/start.js';
import { refusalOf } from '../support/account-client.js';
import { openSession, until } from '../support/session.js';
import { buildImage, registerImage } from '../support/stored-image.js';

const PUBLIC_PARAMETER = `/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-${MACHINE_ARCHITECTURE}`;

let directory: string;
let sandbox: Sandbox;
let session: ReturnType<typeof openSession>;
let base: string;

beforeAll(async () => {
  directory = mkdtempSync(path.join(tmpdir(), 'ami-launches-'));
  sandbox = await startSandbox({ directory });
  session = openSession(sandbox);
  base = await session.baseImage();
});

afterEach(async () => {
  await sandbox.control.reset();
});

afterAll(async () => {
  await sandbox.stop();
  rmSync(directory, { recursive: true });
});

const refusal = (extra: Partial<RunInstancesRequest>): Promise<string> => refusalOf(session.launch(base, extra));

test('The same client token and request launch nothing more, also after the instance’s end.', async () => {
  const again = (): Promise<string> => session.launch(base, { ClientToken: 'again' });
  const id = await again();
  expect(await again()).toBe(id);
  await session.online(id);
  await session.ec2.send(new TerminateInstancesCommand({ InstanceIds: [id] }));
  await session.reach(id, 'terminated');
  expect(await again()).toBe(id);
  expect(await sandbox.control.instances()).toMatchObject([{ id, state: 'terminated' }]);
});

test('Another request with the same client token is IdempotentParameterMismatch.', async () => {
  await session.launch(base, { ClientToken: 'one request' });
  expect(await refusal({ ClientToken: 'one request', MaxCount: 2 })).toBe('IdempotentParameterMismatch');
  expect(await sandbox.control.instances()).toHaveLength(1);
});

test('A client token counts for the zone when a subnet or zone is given, else for the Region.', async () => {
  const ClientToken = 'here and there';
  const { Subnets = [] } = await session.ec2.send(new DescribeSubnetsCommand({}));
  const elsewhere = openSession(sandbox, 'eu-central-1');
  const ids = await Promise.all([
    session.launch(base, { ClientToken }),
    elsewhere.launch(await elsewhere.baseImage(), { ClientToken }),
    ...Subnets.map(({ SubnetId = '' }) => session.launch(base, { ClientToken, SubnetId })),
  ]);
  expect({ subnets: Subnets.length, ids: new Set(ids).size }).toEqual({ subnets: 3, ids: 5 });
  const [first] = Subnets;
  expect(await session.launch(base, { ClientToken, SubnetId: first?.SubnetId })).toBe(ids[2]);
  const Placement = { AvailabilityZone: first?.AvailabilityZone };
  expect(await refusal({ ClientToken, Placement })).toBe('IdempotentParameterMismatch');
});

test('ImageId takes resolve:ssm: and the name of a parameter, with or without a version.', async () => {
  const { imageId: newer } = await buildImage(sandbox, { name: 'newer', commands: ['true'] });
  const put = (Value: string): Promise<unknown> =>
    session.ssm.send(
      new PutParameterCommand({
        ...{ Name: '/images/app', Value, Type: 'String', DataType: 'aws:ec2:image', Overwrite: true },
      }),
    );
  await put(base);
  await put(newer);
  const imageOf = async (reference: string): Promise<string | undefined> => {
    const request = { ImageId: `resolve:ssm:${reference}`, MinCount: 1, MaxCount: 1 };
    return (await session.ec2.send(new RunInstancesCommand(request))).Instances?.[0]?.ImageId;
  };
  expect({
    newest: await imageOf('/images/app'),
    first: await imageOf('/images/app:1'),
    second: await imageOf('/images/app:2'),
    public: await imageOf(PUBLIC_PARAMETER),
  }).toEqual({ newest: newer, first: base, second: newer, public: base });
});

test('A parameter that is not there, or is not of data type aws:ec2:image, launches nothing: SsmInvalidParameter.', async () => {
  await session.ssm.send(new PutParameterCommand({ Name: '/images/text', Value: base, Type: 'String' }));
  const said = async (reference: string): Promise<string> =>
    session.launch(`resolve:ssm:${reference}`).then(
      () => 'launched',
      (error: unknown) => String(error),
    );
  expect([await said('/images/none'), await said('/images/text:9'), await said('/images/text')]).toEqual([
    'SsmInvalidParameter: The following aliases are invalid: /images/none',
    'SsmInvalidParameter: The following aliases are invalid: /images/text:9',
    'SsmInvalidParameter: Unsupported data type. The following parameter data types are supported: aws:ec2:image',
  ]);
  expect(await sandbox.control.instances()).toEqual([]);
});

test('What a launch names has to be there, and each kind has an error of its own.', async () => {
  expect({
    image: await refusal({ ImageId: 'ami-0123456789abcdef0' }),
    malformedImage: await refusal({ ImageId: 'ami-xyz' }),
    type: await refusal({ InstanceType: 'z9.huge' as 'm5.large' }),
    subnet: await refusal({ SubnetId: 'subnet-0123456789abcdef0' }),
    zone: await refusal({ Placement: { AvailabilityZone: 'us-west-2z' } }),
    group: await refusal({ SecurityGroupIds: ['sg-0123456789abcdef0'] }),
  }).toEqual({
    image: 'InvalidAMIID.NotFound',
    malformedImage: 'InvalidAMIID.Malformed',
    type: 'InvalidParameterValue',
    subnet: 'InvalidSubnetID.NotFound',
    zone: 'InvalidParameterValue',
    group: 'InvalidGroup.NotFound',
  });
  expect(await sandbox.control.instances()).toEqual([]);
});

test('A launch makes up to MaxCount instances in one reservation, and MinCount is neither 0 nor above it.', async () => {
  const request = { ImageId: base, MinCount: 1, MaxCount: 3 };
  const { ReservationId, Instances = [] } = await session.ec2.send(new RunInstancesCommand(request));
  expect(new Set(Instances.map(({ InstanceId }) => InstanceId)).size).toBe(3);
  const id = Instances[2]?.InstanceId ?? '';
  await until(async () => session.stateOf(id), 'the id to be known');
  const { Reservations } = await session.ec2.send(new DescribeInstancesCommand({ InstanceIds: [id] }));
  expect(Reservations).toMatchObject([{ ReservationId, Instances: [{ InstanceId: id }] }]);
  expect([await refusal({ MinCount: 0 }), await refusal({ MinCount: 2, MaxCount: 1 })]).toEqual([
    'InvalidParameterValue',
    'InvalidParameterValue',
  ]);
});

test('A launch tags what it makes, and refuses tags for anything else.', async () => {
  const Tags = [{ Key: 'ami-layers:layer', Value: 'app' }];
  const id = await session.launch(base, { TagSpecifications: [{ ResourceType: 'instance', Tags }] });
  await session.reach(id, 'running');
  const { Reservations } = await session.ec2.send(new DescribeInstancesCommand({ InstanceIds: [id] }));
  expect(Reservations?.[0]?.Instances?.[0]?.Tags).toEqual(Tags);
  expect(await refusal({ TagSpecifications: [{ ResourceType: 'image', Tags }] })).toBe('InvalidParameterValue');
});

test('User data is at most 16 KB, before it is encoded.', async () => {
  const encoded = (bytes: number): string => Buffer.alloc(bytes, '#').toString('base64');
  expect([await refusal({ UserData: encoded(16_384) }), await refusal({ UserData: encoded(16_385) })]).toEqual([
    'accepted',
    'InvalidParameterValue',
  ]);
});

test('An instance type of another architecture than the image’s is InvalidParameterValue.', async () => {
  const [own, other] = MACHINE_ARCHITECTURE === 'arm64' ? ['arm64', 'x86_64'] : ['x86_64', 'arm64'];
  const InstanceType = other === 'arm64' ? 'm7g.large' : 'm7i.large';
  await expect(session.launch(base, { InstanceType })).rejects.toMatchObject({
    name: 'InvalidParameterValue',
    message:
      `The architecture '${other}' of the specified instance type does not match the architecture '${own}' of the ` +
      'specified AMI. Specify an instance type and an AMI that have matching architectures, and try again.',
  });
});

test('A volume smaller than its snapshot is InvalidBlockDeviceMapping.', async () => {
  const sized = (DeviceName: string, Ebs: EbsBlockDevice): Promise<string> =>
    session.launch(base, { BlockDeviceMappings: [{ DeviceName, Ebs }] });
  await expect(sized('/dev/xvda', { VolumeSize: 7 })).rejects.toMatchObject({
    name: 'InvalidBlockDeviceMapping',
    message: expect.stringMatching(/^Volume of size 7GB is smaller than snapshot 'snap-\w+', expect size >= 8GB$/),
  });
  await expect(sized('/dev/sdf', { DeleteOnTermination: true })).rejects.toThrow(
    'Either snapshot ID or volume size must be provided for: /dev/sdf',
  );
  expect(await sandbox.control.instances()).toEqual([]);
});

test('Every volume of an image is made anew for an instance, as the request’s mapping of the same device changes it, and one that is not to be deleted with the instance outlives it.', async () => {
  const { snapshotId } = await buildImage(sandbox, { name: 'one volume', commands: ['true'] });
  const data = { SnapshotId: snapshotId, VolumeSize: 12 };
  const imageId = await registerImage(session.ec2, snapshotId, {
    Name: 'three volumes',
    BlockDeviceMappings: [
      { DeviceName: '/dev/xvda', Ebs: { SnapshotId: snapshotId } },
      { DeviceName: '/dev/sdf', Ebs: { ...data, DeleteOnTermination: false } },
      { DeviceName: '/dev/sdg', Ebs: { ...data, DeleteOnTermination: false } },
    ],
  });
  const id = await session.launch(imageId, {
    BlockDeviceMappings: [{ DeviceName: '/dev/sdg', Ebs: { DeleteOnTermination: true, Encrypted: true } }],
  });
  await session.reach(id, 'running');
  const { Reservations } = await session.ec2.send(new DescribeInstancesCommand({ InstanceIds: [id] }));
  const attached = Reservations?.[0]?.Instances?.[0]?.BlockDeviceMappings;
  expect(attached?.map(({ DeviceName, Ebs }) => [DeviceName, Ebs?.DeleteOnTermination])).toEqual([
    ['/dev/xvda', true],
    ['/dev/sdf', false],
    ['/dev/sdg', true],
  ]);
  await session.ec2.send(new StopInstancesCommand({ InstanceIds: [id] }));
  await session.reach(id, 'stopped');
  const child = await session.createImage({ InstanceId: id, Name: 'of three volumes' });
  await session.ec2.send(new TerminateInstancesCommand({ InstanceIds: [id] }));
  await session.reach(id, 'terminated');
  expect((await sandbox.control.leftovers()).volumes).toEqual([
    { id: attached?.[1]?.Ebs?.VolumeId, region: 'us-west-2', instanceId: id },
  ]);
  const { Images } = await session.ec2.send(new DescribeImagesCommand({ ImageIds: [child] }));
  const mappings = Images?.[0]?.BlockDeviceMappings?.map(({ DeviceName, Ebs }) => [
    DeviceName,
    Ebs?.VolumeSize,
    Ebs?.DeleteOnTermination,
    Ebs?.Encrypted,
  ]);
  expect(mappings).toEqual([
    ['/dev/xvda', 8, true, false],
    ['/dev/sdf', 12, false, false],
    ['/dev/sdg', 12, true, true],
  ]);
});

test('Missing capacity is InsufficientInstanceCapacity, HTTP 500, which the SDK tries three times.', async () => {
  await sandbox.control.addFault({ kind: 'capacity', instanceType: 'm5.large' });
  const before = (await sandbox.control.journal()).length;
  const request = { ImageId: base, InstanceType: 'm5.large', MinCount: 1, MaxCount: 1 } as const;
  await expect(session.ec2.send(new RunInstancesCommand(request))).rejects.toMatchObject({
    name: 'InsufficientInstanceCapacity',
    $metadata: { httpStatusCode: 500, attempts: 3 },
  });
  expect((await sandbox.control.journal(before)).map(({ result }) => result)).toEqual(
    Array<string>(3).fill('InsufficientInstanceCapacity'),
  );
});
