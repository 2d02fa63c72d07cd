import { StartInstancesCommand, StopInstancesCommand, TerminateInstancesCommand } from '@aws-sdk/client-ec2';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { startSandbox, type Sandbox } from '../../sandbox/start.js';
import { openSession } from './support/session.js';

let directory: string;
let sandbox: Sandbox;
let session: ReturnType<typeof openSession>;

beforeAll(async () => {
  directory = mkdtempSync(path.join(tmpdir(), 'ami-sandbox-'));
  sandbox = await startSandbox({ directory });
  session = openSession(sandbox);
});

afterAll(async () => {
  await sandbox.stop();
  rmSync(directory, { recursive: true });
});

/** What makes a machine that machine: its id, and where there is ssh-keygen its host keys. */
const IDENTITY = 'cat /etc/machine-id; cat /etc/ssh/ssh_host_*_key.pub 2>/dev/null | cut -d" " -f2; hostname; true';

interface Booted {
  readonly id: string;
  readonly identity: readonly string[];
}

async function booted(imageId: string): Promise<Booted> {
  const id = await session.launch(imageId);
  await session.online(id);
  return { id, identity: await identityOf(id) };
}

async function identityOf(id: string): Promise<readonly string[]> {
  return ((await session.run(id, IDENTITY)).StandardOutputContent ?? '').trim().split('\n');
}

async function imageOf(id: string, name: string): Promise<string> {
  await session.ec2.send(new StopInstancesCommand({ InstanceIds: [id] }));
  await session.reach(id, 'stopped');
  return session.createImage({ InstanceId: id, Name: name });
}

async function restarted(id: string): Promise<readonly string[]> {
  const before = await session.pinged(id);
  await session.ec2.send(new StartInstancesCommand({ InstanceIds: [id] }));
  await session.online(id, before);
  return identityOf(id);
}

test('The first boot of a sealed image makes a new machine id and new SSH host keys, and later boots keep them.', async () => {
  const builder = await booted(await session.baseImage());
  expect(builder.identity[0]).toMatch(/^[0-9a-f]{32}$/);
  await session.run(builder.id, ': >/etc/machine-id; rm -f /etc/ssh/ssh_host_*');
  const image = await imageOf(builder.id, 'sealed');
  const first = await booted(image);
  const second = await booted(image);
  const all = [...builder.identity, ...first.identity, ...second.identity];
  expect(new Set(all).size).toBe(3 * builder.identity.length);
  await imageOf(first.id, 'from-the-first');
  expect(await restarted(first.id)).toEqual(first.identity);
  await session.ec2.send(new TerminateInstancesCommand({ InstanceIds: [builder.id, first.id, second.id] }));
});

test('An image that was not sealed hands the machine id and the host keys of its builder on.', async () => {
  const builder = await booted(await session.baseImage());
  const next = await booted(await imageOf(builder.id, 'not-sealed'));
  expect(next.identity.slice(0, -1)).toEqual(builder.identity.slice(0, -1));
  expect(next.identity.at(-1)).not.toBe(builder.identity.at(-1));
  await session.ec2.send(new TerminateInstancesCommand({ InstanceIds: [builder.id, next.id] }));
});
