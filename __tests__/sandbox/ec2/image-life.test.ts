import {
  CreateTagsCommand,
  CopyImageCommand,
  DeleteSnapshotCommand,
  DeregisterImageCommand,
  DescribeImageAttributeCommand,
  DescribeImagesCommand,
  DescribeSnapshotsCommand,
  DisableImageCommand,
  DisableImageDeprecationCommand,
  DisableImageDeregistrationProtectionCommand,
  EnableImageCommand,
  EnableImageDeprecationCommand,
  EnableImageDeregistrationProtectionCommand,
  GetImageAncestryCommand,
  ModifyImageAttributeCommand,
  RegisterImageCommand,
  RunInstancesCommand,
  type DescribeImagesRequest,
  type EC2Client,
} from '@aws-sdk/client-ec2';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { ACCOUNT_ID, MACHINE_ARCHITECTURE } from '../../../sandbox/account.js';
import { startSandbox, type Sandbox } from '../../../sandbox/start.js';
import { accountClient, refusalOf } from '../support/account-client.js';
import { openSession, until } from '../support/session.js';
import { buildImage, registerImage, snapshotOf, stateOf, type StoredImage } from '../support/stored-image.js';

const OTHER = '210987654321';
const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

let directory: string;
let sandbox: Sandbox;
let ec2: EC2Client;
let other: EC2Client;
let parent: StoredImage;

beforeAll(async () => {
  directory = mkdtempSync(path.join(tmpdir(), 'ami-life-'));
  sandbox = await startSandbox({ directory });
  ec2 = accountClient(sandbox, ACCOUNT_ID);
  other = accountClient(sandbox, OTHER);
  parent = await buildImage(sandbox, { name: 'parent', commands: ['echo parent >/var/parent'] });
});

afterAll(async () => {
  await sandbox.stop();
  rmSync(directory, { recursive: true });
});

const register = (Name: string): Promise<string> => registerImage(ec2, parent.snapshotId, { Name });

const share = (ImageId: string): Promise<unknown> =>
  ec2.send(new ModifyImageAttributeCommand({ ImageId, LaunchPermission: { Add: [{ UserId: OTHER }] } }));

const names = async (client: EC2Client, request: DescribeImagesRequest): Promise<(string | undefined)[]> =>
  ((await client.send(new DescribeImagesCommand(request))).Images ?? []).map(({ Name }) => Name);

const launch = (ImageId: string, client = ec2): Promise<unknown> =>
  client.send(new RunInstancesCommand({ ImageId, InstanceType: 'm5.large', MinCount: 1, MaxCount: 1 }));

test('A disabled image is not listed unless asked for, cannot be launched or shared, keeps its snapshot in use, and loses its launch permissions for good.', async () => {
  const id = await register('disabled');
  await share(id);
  await ec2.send(new DisableImageCommand({ ImageId: id }));
  const named = { Filters: [{ Name: 'name', Values: ['disabled'] }] };
  expect({
    listed: await names(ec2, named),
    asked: await names(ec2, { ...named, IncludeDisabled: true }),
    state: (await ec2.send(new DescribeImagesCommand({ ImageIds: [id], IncludeDisabled: true }))).Images?.[0]?.State,
    launch: await refusalOf(launch(id)),
    share: await refusalOf(share(id)),
    snapshot: await refusalOf(ec2.send(new DeleteSnapshotCommand({ SnapshotId: parent.snapshotId }))),
    other: await refusalOf(stateOf(other, id)),
  }).toEqual({
    listed: [],
    asked: ['disabled'],
    state: 'disabled',
    launch: 'InvalidAMIID.Unavailable',
    share: 'InvalidAMIID.Unavailable',
    snapshot: 'InvalidSnapshot.InUse',
    other: 'InvalidAMIID.NotFound',
  });
  await ec2.send(new EnableImageCommand({ ImageId: id }));
  expect(await stateOf(ec2, id)).toBe('available');
  expect(await refusalOf(stateOf(other, id))).toBe('InvalidAMIID.NotFound');
});

test('A deprecation date is rounded to the minute, not in the past, and at most ten years off.', async () => {
  const id = await register('deprecation dates');
  const deprecate = (time: number): Promise<unknown> =>
    ec2.send(new EnableImageDeprecationCommand({ ImageId: id, DeprecateAt: new Date(time) }));
  const wanted = Math.floor(Date.now() / MINUTE_MS) * MINUTE_MS + 10 * MINUTE_MS + 31_000;
  await deprecate(wanted);
  const shown = async (): Promise<string | undefined> =>
    (await ec2.send(new DescribeImagesCommand({ ImageIds: [id] }))).Images?.[0]?.DeprecationTime;
  expect(await shown()).toBe(new Date(wanted + 29_000).toISOString());
  expect({
    past: await refusalOf(deprecate(Date.now() - 2 * MINUTE_MS)),
    far: await refusalOf(deprecate(Date.now() + 3660 * DAY_MS)),
  }).toEqual({ past: 'InvalidParameterValue', far: 'InvalidParameterValue' });
  await ec2.send(new DisableImageDeprecationCommand({ ImageId: id }));
  expect(await shown()).toBeUndefined();
});

test('A deprecated image is listed for its owner always, for others by id or when they ask, and can be launched.', async () => {
  const id = await register('deprecated');
  await share(id);
  await ec2.send(new EnableImageDeprecationCommand({ ImageId: id, DeprecateAt: new Date(Date.now() + MINUTE_MS) }));
  await sandbox.control.advance(2 * MINUTE_MS);
  const named = { Filters: [{ Name: 'name', Values: ['deprecated'] }] };
  expect({
    owner: await names(ec2, named),
    other: await names(other, named),
    byId: await names(other, { ImageIds: [id] }),
    asked: await names(other, { ...named, IncludeDeprecated: true }),
    launch: await refusalOf(launch(id, other)),
  }).toEqual({ owner: ['deprecated'], other: [], byId: ['deprecated'], asked: ['deprecated'], launch: 'accepted' });
});

test('A protected image cannot be deregistered, and with cooldown not for 24 hours after the protection was turned off.', async () => {
  const id = await register('protected');
  const deregister = (): Promise<unknown> => ec2.send(new DeregisterImageCommand({ ImageId: id }));
  const shown = async (): Promise<unknown> => {
    const attribute = { ImageId: id, Attribute: 'deregistrationProtection' as const };
    return (await ec2.send(new DescribeImageAttributeCommand(attribute))).DeregistrationProtection?.Value;
  };
  expect(await shown()).toBe('disabled');
  await ec2.send(new EnableImageDeregistrationProtectionCommand({ ImageId: id }));
  expect([await shown(), await refusalOf(deregister())]).toEqual(['enabled-without-cooldown', 'OperationNotPermitted']);
  await ec2.send(new EnableImageDeregistrationProtectionCommand({ ImageId: id, WithCooldown: true }));
  expect(await shown()).toBe('enabled-with-cooldown');
  await ec2.send(new DisableImageDeregistrationProtectionCommand({ ImageId: id }));
  expect(await refusalOf(deregister())).toBe('OperationNotPermitted');
  await sandbox.control.advance(DAY_MS);
  expect([await shown(), await refusalOf(deregister())]).toEqual(['disabled', 'accepted']);
});

test('Deregistering with DeleteAssociatedSnapshots skips a snapshot that another image uses, and says so.', async () => {
  const { snapshotId, imageId } = await buildImage(sandbox, { name: 'first user', commands: ['true'] });
  const second = await registerImage(ec2, snapshotId, { Name: 'second user' });
  const deregister = async (ImageId: string): Promise<unknown> =>
    (await ec2.send(new DeregisterImageCommand({ ImageId, DeleteAssociatedSnapshots: true }))).DeleteSnapshotResults;
  expect(await deregister(imageId)).toEqual([{ SnapshotId: snapshotId, ReturnCode: 'skipped' }]);
  expect(await deregister(second)).toEqual([{ SnapshotId: snapshotId, ReturnCode: 'success' }]);
  expect(await refusalOf(ec2.send(new DescribeSnapshotsCommand({ SnapshotIds: [snapshotId] })))).toBe(
    'InvalidSnapshot.NotFound',
  );
});

test('The ancestry of an image goes from its source to the base image, through Regions, and outlives deregistered ancestors.', async () => {
  const session = openSession(sandbox);
  const base = await session.baseImage();
  const middle = await buildImage(sandbox, { name: 'middle', from: parent.imageId, commands: ['true'] });
  const east = accountClient(sandbox, ACCOUNT_ID, 'us-east-1');
  const request = { Name: 'copy', SourceImageId: middle.imageId, SourceRegion: 'us-west-2' };
  const { ImageId: copied = '' } = await east.send(new CopyImageCommand(request));
  await until(async () => stateOf(east, copied), 'the copy');
  await ec2.send(new DeregisterImageCommand({ ImageId: middle.imageId }));
  const { ImageAncestryEntries } = await east.send(new GetImageAncestryCommand({ ImageId: copied }));
  expect(ImageAncestryEntries?.map(({ CreationDate: _date, ...entry }) => entry)).toEqual([
    { ImageId: copied, SourceImageId: middle.imageId, SourceImageRegion: 'us-west-2' },
    { ImageId: middle.imageId, SourceImageId: parent.imageId, SourceImageRegion: 'us-west-2' },
    { ImageId: parent.imageId, SourceImageId: base, SourceImageRegion: 'us-west-2' },
    { ImageId: base, ImageOwnerAlias: 'amazon' },
  ]);
});

test('A registered image has no source, no ancestry but itself, and AWS’s old defaults for what it is not told.', async () => {
  const id = await register('registered');
  const { ImageAncestryEntries } = await ec2.send(new GetImageAncestryCommand({ ImageId: id }));
  expect(ImageAncestryEntries?.map(({ ImageId, SourceImageId }) => [ImageId, SourceImageId])).toEqual([
    [id, undefined],
  ]);
  const mapping = [{ DeviceName: '/dev/sda1', Ebs: { SnapshotId: parent.snapshotId } }];
  const plain = { Name: 'old', RootDeviceName: '/dev/sda1', BlockDeviceMappings: mapping };
  expect(await refusalOf(ec2.send(new RegisterImageCommand(plain)))).toBe('UnsupportedOperation');
  const { ImageId: old = '' } = await ec2.send(
    new RegisterImageCommand({ ...plain, Architecture: MACHINE_ARCHITECTURE }),
  );
  await until(async () => stateOf(ec2, old), 'the image to be known');
  const { Images } = await ec2.send(new DescribeImagesCommand({ ImageIds: [old] }));
  expect(Images?.[0]).toMatchObject({
    VirtualizationType: 'paravirtual',
    EnaSupport: false,
    RootDeviceName: '/dev/sda1',
  });
  expect(await refusalOf(launch(old))).toBe('InvalidParameterCombination');
});

test('RegisterImage wants a completed snapshot that the account may use, at a size that holds it, under the root device’s name.', async () => {
  const attempt = (ebs: object, DeviceName = '/dev/xvda'): Promise<string> =>
    refusalOf(
      ec2.send(
        new RegisterImageCommand({
          Name: 'attempt',
          Architecture: MACHINE_ARCHITECTURE,
          RootDeviceName: '/dev/xvda',
          BlockDeviceMappings: [{ DeviceName, Ebs: ebs }],
        }),
      ),
    );
  expect({
    unknown: await attempt({ SnapshotId: 'snap-0123456789abcdef0' }),
    small: await attempt({ SnapshotId: parent.snapshotId, VolumeSize: 1 }),
    none: await attempt({ VolumeSize: 8 }),
    encrypted: await attempt({ SnapshotId: parent.snapshotId, Encrypted: true }),
    device: await attempt({ SnapshotId: parent.snapshotId }, '/dev/sdb'),
  }).toEqual({
    unknown: 'InvalidSnapshot.NotFound',
    small: 'InvalidBlockDeviceMapping',
    none: 'InvalidBlockDeviceMapping',
    encrypted: 'InvalidParameterCombination',
    device: 'InvalidBlockDeviceMapping',
  });
});

test('The last launch of an image is reported 24 hours later.', async () => {
  const id = await register('launched');
  await launch(id);
  const shown = async (): Promise<string | undefined> => {
    const attribute = { ImageId: id, Attribute: 'lastLaunchedTime' as const };
    return (await ec2.send(new DescribeImageAttributeCommand(attribute))).LastLaunchedTime?.Value;
  };
  expect(await shown()).toBeUndefined();
  await sandbox.control.advance(DAY_MS);
  expect(Date.parse((await shown()) ?? '')).toBeGreaterThan(0);
});

test('Only the owner may tag, change or deregister an image, and a snapshot.', async () => {
  const id = await register('not yours');
  await share(id);
  expect({
    tag: await refusalOf(other.send(new CreateTagsCommand({ Resources: [id], Tags: [{ Key: 'a', Value: 'b' }] }))),
    disable: await refusalOf(other.send(new DisableImageCommand({ ImageId: id }))),
    deregister: await refusalOf(other.send(new DeregisterImageCommand({ ImageId: id }))),
    deleteSnapshot: await refusalOf(other.send(new DeleteSnapshotCommand({ SnapshotId: await snapshotOf(ec2, id) }))),
  }).toEqual({
    tag: 'AuthFailure',
    disable: 'AuthFailure',
    deregister: 'AuthFailure',
    deleteSnapshot: 'InvalidSnapshot.NotFound',
  });
});
