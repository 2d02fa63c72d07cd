import { CreateImageCommand, DescribeImagesCommand, StopInstancesCommand } from '@aws-sdk/client-ec2';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { startSandbox, type Sandbox } from '../../../sandbox/start.js';
import { openSession, until } from '../support/session.js';
import { ownNamespaces, processesCalled, remainsOf } from './remains.js';

const SLEEP = `sleep\0${4400 + (process.pid % 100)}`;

let directory: string;
let sandbox: Sandbox;

beforeAll(async () => {
  directory = mkdtempSync(path.join(tmpdir(), 'ami-sandbox-'));
  sandbox = await startSandbox({ directory });
});

afterAll(async () => {
  await sandbox.stop();
  rmSync(directory, { recursive: true });
});

const gone = (namespaces: readonly string[]): Promise<true> =>
  until(async () => remainsOf({ directory, namespaces }).length === 0 || undefined, 'nothing to remain');

test('A daemon that is killed amid a command and an image leaves nothing running or mounted, and no image is lost.', async () => {
  const { ec2, baseImage, launch, online, run, send, reach, createImage } = openSession(sandbox);
  const [first, second] = [await launch(await baseImage()), await launch(await baseImage())];
  await online(first);
  await run(first, 'echo kept >/var/kept');
  const image = await createImage({ InstanceId: first, Name: 'kept' });
  await online(second);
  await ec2.send(new StopInstancesCommand({ InstanceIds: [first] }));
  await reach(first, 'stopped');

  await send(second, [SLEEP.replace('\0', ' ')]);
  const sleeper = await until(async () => processesCalled(SLEEP)[0], 'the command to run');
  const namespaces = ownNamespaces(sleeper);
  const { network } = await sandbox.control.status();
  expect(namespaces).toHaveLength(network === 'own' ? 5 : 4);
  expect(remainsOf({ directory, namespaces }).length).toBeGreaterThan(4);
  const { ImageId: halfMade } = await ec2.send(new CreateImageCommand({ InstanceId: first, Name: 'half-made' }));
  process.kill((await sandbox.control.status()).pid, 'SIGKILL');
  await gone(namespaces);
  expect(readFileSync('/proc/mounts', 'utf8')).not.toContain(directory);

  sandbox = await startSandbox({ directory });
  const after = openSession(sandbox);
  const { Images = [] } = await after.ec2.send(new DescribeImagesCommand({ Owners: ['self'] }));
  const states = Object.fromEntries(Images.map(({ ImageId = '', State }) => [ImageId, State]));
  expect(states[image]).toBe('available');
  expect(['available', 'failed']).toContain(states[halfMade ?? '']);
  expect(Images).toHaveLength(2);
  const third = await after.launch(image);
  await after.online(third);
  expect(await after.run(third, 'cat /var/kept')).toMatchObject({ StandardOutputContent: 'kept\n' });

  await sandbox.stop();
  await gone(namespaces);
  sandbox = await startSandbox({ directory });
});

test('A daemon that is killed as soon as it runs, again and again, leaves nothing behind either.', async () => {
  await sandbox.stop();
  for (let turn = 0; turn < 3; turn += 1) {
    sandbox = await startSandbox({ directory });
    process.kill((await sandbox.control.status()).pid, 'SIGKILL');
  }
  await gone([]);
  sandbox = await startSandbox({ directory });
  const { Images } = await openSession(sandbox).ec2.send(new DescribeImagesCommand({ Owners: ['self'] }));
  expect(Images).toHaveLength(2);
});
