import {
  DescribeInstancesCommand,
  DescribeSnapshotsCommand,
  StopInstancesCommand,
  TerminateInstancesCommand,
} from '@aws-sdk/client-ec2';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { startSandbox, type Sandbox } from '../../sandbox/start.js';
import { openSession, until } from './support/session.js';
import { processesCalled } from './machine/remains.js';

const MEBIBYTE = 1_048_576;

const delays = { instanceRunningMs: 50, agentOnlineMs: 30, imageAvailableMs: 100 };

let directory: string;
let sandbox: Sandbox;

beforeAll(async () => {
  directory = mkdtempSync(path.join(tmpdir(), 'ami-sandbox-'));
  const overlay = path.join(directory, 'overlay');
  mkdirSync(path.join(overlay, 'usr/local/bin'), { recursive: true });
  writeFileSync(path.join(overlay, 'usr/local/bin/spack'), '#!/bin/sh\necho "stand-in spack $*"\n', { mode: 0o755 });
  sandbox = await startSandbox({ directory, baseOverlays: [overlay], delays });
});

afterAll(async () => {
  await sandbox.stop();
  rmSync(directory, { recursive: true });
});

test('What an instance wrote is in its image and in what is launched from it, nowhere else, and outlives the daemon.', async () => {
  const { ec2, baseImage, launch, online, reach, run, createImage } = openSession(sandbox);
  const first = await launch(await baseImage());
  await online(first);
  const written = await run(
    first,
    'echo from the parent >/opt/ami-layers-test',
    `head -c ${2 * MEBIBYTE} /dev/zero >/var/ballast`,
    'spack --version',
    'rm /etc/issue',
  );
  expect(written).toMatchObject({
    Status: 'Success',
    ResponseCode: 0,
    StandardOutputContent: 'stand-in spack --version\n',
  });

  await ec2.send(new StopInstancesCommand({ InstanceIds: [first] }));
  await reach(first, 'stopped');
  const image = await createImage({ InstanceId: first, Name: 'parent-1' });
  await ec2.send(new TerminateInstancesCommand({ InstanceIds: [first] }));

  const second = await launch(image);
  await online(second);
  const seen = await run(second, 'cat /opt/ami-layers-test', 'ls /etc/issue');
  expect(seen).toMatchObject({ Status: 'Failed', ResponseCode: 2, StandardOutputContent: 'from the parent\n' });
  await run(second, 'echo child >/opt/ami-layers-child');
  await ec2.send(new StopInstancesCommand({ InstanceIds: [second] }));
  await reach(second, 'stopped');
  await createImage({ InstanceId: second, Name: 'child-1' });
  await ec2.send(new TerminateInstancesCommand({ InstanceIds: [first, second] }));
  await reach(first, 'terminated');
  await reach(second, 'terminated');

  expect(existsSync('/opt/ami-layers-test')).toBe(false);
  expect(existsSync('/etc/issue')).toBe(true);
  expect(await sandbox.control.leftovers()).toEqual({ instances: [], images: [], volumes: [] });
  const stored = await sandbox.control.storage();
  const bytes = Object.fromEntries(stored.map(({ name, deltaBytes }) => [name, deltaBytes]));
  expect(bytes['parent-1']).toBeGreaterThan(2 * MEBIBYTE);
  expect(bytes['child-1']).toBeLessThan(MEBIBYTE);
  const full = Object.fromEntries(stored.map(({ name, fullBytes }) => [name, fullBytes]));
  expect(full['child-1']).toBe((full['parent-1'] ?? 0) + (bytes['child-1'] ?? 0));

  const { pid } = await sandbox.control.status();
  await sandbox.stop();
  sandbox = await startSandbox({ directory, delays });
  expect((await sandbox.control.status()).pid).not.toBe(pid);
  const again = openSession(sandbox);
  const third = await again.launch(image);
  await again.online(third);
  expect(await again.run(third, 'cat /opt/ami-layers-test', 'spack x')).toMatchObject({
    StandardOutputContent: 'from the parent\nstand-in spack x\n',
  });
  await again.ec2.send(new TerminateInstancesCommand({ InstanceIds: [third] }));
  const { Snapshots } = await again.ec2.send(new DescribeSnapshotsCommand({ OwnerIds: ['self'] }));
  expect(Snapshots?.map(({ State }) => State)).toEqual(['completed', 'completed']);
});

test('An image shows the operating system of the machine, and nothing of who uses it.', async () => {
  const { ec2, baseImage, launch, online, run } = openSession(sandbox);
  const id = await launch(await baseImage());
  await online(id);
  const looked = await run(
    id,
    'ls -A /home /mnt /media /tmp /var/tmp',
    'ls -A /root | grep -v "^\\.bash\\|^\\.profile"',
    'cut -d: -f2 /etc/shadow | sort -u',
    'find /var/log -type f',
    `ls ${process.cwd()} 2>/dev/null`,
    'wc -c </etc/machine-id',
  );
  expect(looked.StandardOutputContent).toBe('/home:\n\n/media:\n\n/mnt:\n\n/tmp:\n\n/var/tmp:\n!\n33\n');
  await ec2.send(new TerminateInstancesCommand({ InstanceIds: [id] }));
});

test('Callers that race for a directory get one daemon.', async () => {
  const contested = path.join(directory, 'contested');
  const all = await Promise.all([1, 2, 3].map(() => startSandbox({ directory: contested })));
  const pids = await Promise.all(all.map(async ({ control }) => (await control.status()).pid));
  expect(new Set(pids).size).toBe(1);
  await all[0]?.stop();
});

test('whoever starts the daemon keeps no file of its open', () => {
  const open = readdirSync('/proc/self/fd').flatMap((descriptor) => {
    try {
      return readlinkSync(`/proc/self/fd/${descriptor}`);
    } catch {
      // The one that the list itself was read through.
      return [];
    }
  });
  expect(open.length).toBeGreaterThan(2);
  expect(open.filter((file) => file.startsWith(directory))).toEqual([]);
});

test('After a killed daemon the next one calls what ran terminated, with Server.InternalError, and has all images.', async () => {
  const { baseImage, launch, online, run } = openSession(sandbox);
  const id = await launch(await baseImage());
  await online(id);
  const seconds = 4500 + (process.pid % 100);
  await run(id, `setsid sleep ${seconds} >/dev/null 2>&1 </dev/null &`);
  const sleepers = (): readonly string[] => processesCalled(`sleep\u0000${seconds}`);
  await until(async () => sleepers().length === 1 || undefined, 'the program to run');
  const images = (await sandbox.control.storage()).length;

  process.kill((await sandbox.control.status()).pid, 'SIGKILL');
  sandbox = await startSandbox({ directory, delays });
  expect(sleepers()).toEqual([]);
  expect(readFileSync('/proc/mounts', 'utf8')).not.toContain(directory);
  const { Reservations } = await openSession(sandbox).ec2.send(new DescribeInstancesCommand({ InstanceIds: [id] }));
  expect(Reservations?.[0]?.Instances).toMatchObject([
    { State: { Name: 'terminated' }, StateReason: { Code: 'Server.InternalError' } },
  ]);
  expect(await sandbox.control.storage()).toHaveLength(images);
});
