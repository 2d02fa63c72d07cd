import {
  DeregisterImageCommand,
  DescribeImagesCommand,
  DescribeSnapshotsCommand,
  StopInstancesCommand,
  TerminateInstancesCommand,
} from '@aws-sdk/client-ec2';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { startSandbox, type Sandbox } from '../../../sandbox/start.js';
import { openSession } from '../support/session.js';

const DEPTH = 8;
const MEBIBYTE = 1_048_576;
/** What a boot writes on its own account: machine id, host keys, the folders of user data and agent. */
const BOOT_BYTES = 262_144;

let directory: string;
let sandbox: Sandbox;

beforeAll(async () => {
  directory = mkdtempSync(path.join(tmpdir(), 'ami-sandbox-'));
  const none = { instanceRunningMs: 0, agentOnlineMs: 0, instanceStoppedMs: 0, imageAvailableMs: 0 };
  sandbox = await startSandbox({ directory, delays: none });
});

afterAll(async () => {
  await sandbox.stop();
  rmSync(directory, { recursive: true });
});

test('In a stack eight deep every layer is there, sizes are what each added, and a child outlives its ancestors.', async () => {
  const { ec2, baseImage, launch, online, run, reach, createImage } = openSession(sandbox);
  const images: string[] = [];
  for (let depth = 1; depth <= DEPTH; depth += 1) {
    const id = await launch(images.at(-1) ?? (await baseImage()));
    await online(id);
    const written = await run(id, `head -c ${depth * MEBIBYTE} /dev/urandom >/var/layer-${depth}`);
    expect(written).toMatchObject({ Status: 'Success' });
    await ec2.send(new StopInstancesCommand({ InstanceIds: [id] }));
    await reach(id, 'stopped');
    images.push(await createImage({ InstanceId: id, Name: `layer-${depth}` }));
    await ec2.send(new TerminateInstancesCommand({ InstanceIds: [id] }));
  }

  const stored = await sandbox.control.storage();
  const deltas = images.map((image) => stored.find(({ imageId }) => imageId === image)?.deltaApparentBytes ?? 0);
  for (const [index, delta] of deltas.entries()) {
    expect(delta).toBeGreaterThanOrEqual((index + 1) * MEBIBYTE);
    expect(delta).toBeLessThan((index + 1) * MEBIBYTE + BOOT_BYTES);
  }
  const { Images = [] } = await ec2.send(new DescribeImagesCommand({ ImageIds: images }));
  const snapshotOf = (image: string): string =>
    Images.find(({ ImageId }) => ImageId === image)?.BlockDeviceMappings?.[0]?.Ebs?.SnapshotId ?? '';
  const { Snapshots = [] } = await ec2.send(new DescribeSnapshotsCommand({ SnapshotIds: images.map(snapshotOf) }));
  const fullSizes = images.map(
    (image) => Snapshots.find(({ SnapshotId }) => SnapshotId === snapshotOf(image))?.FullSnapshotSizeInBytes ?? 0,
  );
  for (const [index, size] of fullSizes.slice(1).entries()) {
    const added = size - (fullSizes[index] ?? 0);
    expect(added).toBeGreaterThanOrEqual((index + 2) * MEBIBYTE);
    expect(added).toBeLessThan((index + 2) * MEBIBYTE + BOOT_BYTES);
  }

  const last = images.at(-1) ?? '';
  for (const ImageId of images.slice(0, -1)) {
    const { DeleteSnapshotResults } = await ec2.send(
      new DeregisterImageCommand({ ImageId, DeleteAssociatedSnapshots: true }),
    );
    expect(DeleteSnapshotResults).toEqual([{ SnapshotId: snapshotOf(ImageId), ReturnCode: 'success' }]);
  }
  const child = await launch(last);
  await online(child);
  const { StandardOutputContent } = await run(child, 'cd /var; stat -c %s layer-*');
  expect(StandardOutputContent).toBe(images.map((_, index) => `${(index + 1) * MEBIBYTE}\n`).join(''));
});
