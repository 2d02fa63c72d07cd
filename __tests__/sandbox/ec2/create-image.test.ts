import {
  CreateImageCommand,
  CreateTagsCommand,
  DeleteSnapshotCommand,
  DeleteTagsCommand,
  DeregisterImageCommand,
  DescribeImagesCommand,
  DescribeSnapshotsCommand,
  DescribeTagsCommand,
  StartInstancesCommand,
  StopInstancesCommand,
  type Image,
  type Snapshot,
} from '@aws-sdk/client-ec2';
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { DEFAULT_DELAYS } from '../../../sandbox/delays.js';
import { startSandbox, type Sandbox } from '../../../sandbox/start.js';
import { refusalOf } from '../support/account-client.js';
import { openSession, until } from '../support/session.js';
import { buildImage } from '../support/stored-image.js';

const HOUR_MS = 3_600_000;
const MEBIBYTE = 1_048_576;

let directory: string;
let sandbox: Sandbox;
let session: ReturnType<typeof openSession>;
let base: string;

beforeAll(async () => {
  directory = mkdtempSync(path.join(tmpdir(), 'ami-images-'));
  sandbox = await startSandbox({ directory });
  session = openSession(sandbox);
  base = await session.baseImage();
});

afterEach(async () => {
  await sandbox.control.reset();
  await sandbox.control.setDelays(DEFAULT_DELAYS);
});

afterAll(async () => {
  await sandbox.stop();
  rmSync(directory, { recursive: true });
});

async function launched(imageId = base): Promise<string> {
  const id = await session.launch(imageId);
  await session.online(id);
  return id;
}

async function stopped(): Promise<string> {
  const id = await launched();
  await session.ec2.send(new StopInstancesCommand({ InstanceIds: [id] }));
  await session.reach(id, 'stopped');
  return id;
}

async function described(imageId: string): Promise<Image> {
  const { Images } = await session.ec2.send(new DescribeImagesCommand({ ImageIds: [imageId] }));
  return Images?.[0] ?? {};
}

async function snapshot(snapshotId: string): Promise<Snapshot> {
  const { Snapshots } = await session.ec2.send(new DescribeSnapshotsCommand({ SnapshotIds: [snapshotId] }));
  return Snapshots?.[0] ?? {};
}

async function printed(id: string, command: string): Promise<string | undefined> {
  return (await session.run(id, command)).StandardOutputContent;
}

test('A fresh image id is InvalidAMIID.NotFound for a moment.', async () => {
  await sandbox.control.setDelays({ imageVisibleMs: HOUR_MS });
  const request = { InstanceId: await stopped(), Name: 'fresh' };
  const { ImageId = '' } = await session.ec2.send(new CreateImageCommand(request));
  expect(await refusalOf(described(ImageId))).toBe('InvalidAMIID.NotFound');
  await sandbox.control.advance(HOUR_MS);
  expect(await described(ImageId)).toMatchObject({ ImageId, Name: 'fresh' });
});

test('CreateImage answers at once with an image that is pending, cannot be launched, and is available later.', async () => {
  await sandbox.control.setDelays({ imageVisibleMs: 0, imageAvailableMs: HOUR_MS });
  const request = { InstanceId: await stopped(), Name: 'slow' };
  const { ImageId = '' } = await session.ec2.send(new CreateImageCommand(request));
  expect((await described(ImageId)).State).toBe('pending');
  expect(await refusalOf(session.launch(ImageId))).toBe('InvalidAMIID.Unavailable');
  await sandbox.control.advance(HOUR_MS);
  await until(async () => (await described(ImageId)).State === 'available' || undefined, 'the image');
  expect(await session.launch(ImageId)).toMatch(/^i-/);
});

test('CreateImage shuts a running instance down, images it and boots it again.', async () => {
  const id = await launched();
  await session.run(id, 'echo one >/var/one');
  const bootId = await printed(id, 'cat /proc/sys/kernel/random/boot_id');
  const before = await session.pinged(id);
  const image = await session.createImage({ InstanceId: id, Name: 'rested' });
  await session.online(id, before);
  expect(await printed(id, 'cat /proc/sys/kernel/random/boot_id')).not.toBe(bootId);
  await session.run(id, 'echo two >/var/two');
  expect(await printed(id, 'cat /var/one /var/two')).toBe('one\ntwo\n');
  expect(await printed(await launched(image), 'cat /var/one /var/two')).toBe('one\n');
});

test('With NoReboot the instance runs on, and the image has what was written until then.', async () => {
  const id = await launched();
  await session.run(id, 'echo one >/var/one');
  const bootId = await printed(id, 'cat /proc/sys/kernel/random/boot_id');
  const image = await session.createImage({ InstanceId: id, Name: 'live', NoReboot: true });
  expect(await printed(id, 'cat /proc/sys/kernel/random/boot_id')).toBe(bootId);
  await session.run(id, 'echo two >/var/two');
  expect(await printed(await launched(image), 'cat /var/one /var/two')).toBe('one\n');
});

test('A name has 3 to 128 characters of a fixed set, else it is InvalidAMIName.Malformed.', async () => {
  const InstanceId = await stopped();
  const create = (Name: string): Promise<string> =>
    refusalOf(session.ec2.send(new CreateImageCommand({ InstanceId, Name })));
  const names = ['ab', 'x'.repeat(129), 'a+b', 'a:b', 'späck', `aZ0 ()[]./-'@_`.padEnd(128, 'x')];
  expect(await Promise.all(names.map(create))).toEqual([
    ...Array<string>(5).fill('InvalidAMIName.Malformed'),
    'accepted',
  ]);
});

test('A failed image says why, cannot be launched, and keeps its name.', async () => {
  await sandbox.control.addFault({ kind: 'image-failure', call: 1, reason: 'Client.InternalError: no luck' });
  const request = { InstanceId: await stopped(), Name: 'unlucky' };
  const image = await session.createImage(request);
  expect(await described(image)).toMatchObject({
    State: 'failed',
    StateReason: { Message: 'Client.InternalError: no luck' },
  });
  expect(await refusalOf(session.launch(image))).toBe('InvalidAMIID.Unavailable');
  await expect(session.createImage(request)).rejects.toMatchObject({
    name: 'InvalidAMIName.Duplicate',
    message: `AMI name unlucky is already in use by AMI ${image}`,
  });
  expect((await sandbox.control.leftovers()).images).toEqual([{ id: image, region: 'us-west-2', state: 'failed' }]);
});

test('CreateImage tags the image and its snapshot, and refuses tags for anything else.', async () => {
  const InstanceId = await stopped();
  const tags = (Value: string) => [{ Key: 'ami-layers:layer', Value }];
  const image = await session.createImage({
    InstanceId,
    Name: 'tagged',
    TagSpecifications: [
      { ResourceType: 'image', Tags: tags('an image') },
      { ResourceType: 'snapshot', Tags: tags('a snapshot') },
    ],
  });
  const { Tags, BlockDeviceMappings } = await described(image);
  expect(Tags).toEqual(tags('an image'));
  const { Tags: ofSnapshot } = await snapshot(BlockDeviceMappings?.[0]?.Ebs?.SnapshotId ?? '');
  expect(ofSnapshot).toEqual(tags('a snapshot'));
  const TagSpecifications = [{ ResourceType: 'instance' as const, Tags: tags('an instance') }];
  const wrong = new CreateImageCommand({ InstanceId, Name: 'wrong', TagSpecifications });
  expect(await refusalOf(session.ec2.send(wrong))).toBe('InvalidParameterValue');
});

test('DeleteTags with a value takes away only a tag of that value.', async () => {
  const { imageId } = await buildImage(sandbox, { name: 'untagged', commands: ['true'] });
  const Tags = [
    { Key: 'layer', Value: 'app' },
    { Key: 'latest', Value: 'true' },
  ];
  await session.ec2.send(new CreateTagsCommand({ Resources: [imageId], Tags }));
  const other = [{ Key: 'layer', Value: 'other' }, { Key: 'latest' }];
  await session.ec2.send(new DeleteTagsCommand({ Resources: [imageId], Tags: other }));
  const Filters = [{ Name: 'resource-id', Values: [imageId] }];
  const { Tags: left } = await session.ec2.send(new DescribeTagsCommand({ Filters }));
  expect(left).toEqual([{ Key: 'layer', Value: 'app', ResourceId: imageId, ResourceType: 'image' }]);
});

test('SourceImageId is the image that the instance was launched from, however many were made of it since.', async () => {
  const InstanceId = await stopped();
  await session.createImage({ InstanceId, Name: 'first' });
  const second = await session.createImage({ InstanceId, Name: 'second' });
  expect(await described(second)).toMatchObject({ SourceImageId: base, SourceImageRegion: 'us-west-2' });
});

test('A snapshot says in its description which instance and image it was created for.', async () => {
  const { imageId, snapshotId, builderId } = await buildImage(sandbox, { name: 'described', commands: ['true'] });
  expect((await snapshot(snapshotId)).Description).toBe(`Created by CreateImage(${builderId}) for ${imageId}`);
});

test('FullSnapshotSizeInBytes counts every layer and the operating system under them.', async () => {
  const write = (mebibytes: number): string => `head -c ${mebibytes * MEBIBYTE} /dev/urandom >/var/${mebibytes}`;
  const parent = await buildImage(sandbox, { name: 'parent', commands: [write(3)] });
  const child = await buildImage(sandbox, { name: 'child', from: parent.imageId, commands: [write(2)] });
  const fullOf = (snapshotId: string): Promise<number> =>
    until(async () => (await snapshot(snapshotId)).FullSnapshotSizeInBytes, 'the size to be known');
  const stored = await sandbox.control.storage();
  const added = (imageId: string): number => stored.find((image) => image.imageId === imageId)?.deltaBytes ?? 0;
  const full = await fullOf(parent.snapshotId);
  expect(added(child.imageId)).toBeGreaterThan(2 * MEBIBYTE);
  expect(await fullOf(child.snapshotId)).toBe(full + added(child.imageId));
  expect(full - added(parent.imageId)).toBeGreaterThan(16 * MEBIBYTE);
});

test('The snapshot of a registered image is InvalidSnapshot.InUse.', async () => {
  const { imageId, snapshotId } = await buildImage(sandbox, { name: 'in use', commands: ['true'] });
  const remove = (): Promise<unknown> => session.ec2.send(new DeleteSnapshotCommand({ SnapshotId: snapshotId }));
  await expect(remove()).rejects.toMatchObject({
    name: 'InvalidSnapshot.InUse',
    message: `The snapshot ${snapshotId} is currently in use by ${imageId}`,
  });
  await session.ec2.send(new DeregisterImageCommand({ ImageId: imageId }));
  await remove();
  expect(await refusalOf(snapshot(snapshotId))).toBe('InvalidSnapshot.NotFound');
});

test('An instance outlives its image and the snapshot, of which DeregisterImage reports that it is deleted.', async () => {
  const { imageId, snapshotId } = await buildImage(sandbox, { name: 'gone', commands: ['echo kept >/var/kept'] });
  const id = await launched(imageId);
  const gone = await session.ec2.send(
    new DeregisterImageCommand({ ImageId: imageId, DeleteAssociatedSnapshots: true }),
  );
  expect(gone.DeleteSnapshotResults).toEqual([{ SnapshotId: snapshotId, ReturnCode: 'success' }]);
  expect(await refusalOf(session.launch(imageId))).toBe('InvalidAMIID.NotFound');
  const before = await session.pinged(id);
  await session.ec2.send(new StopInstancesCommand({ InstanceIds: [id] }));
  await session.reach(id, 'stopped');
  await session.ec2.send(new StartInstancesCommand({ InstanceIds: [id] }));
  await session.online(id, before);
  expect(await printed(id, 'cat /var/kept')).toBe('kept\n');
});
