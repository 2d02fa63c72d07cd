import { StopInstancesCommand } from '@aws-sdk/client-ec2';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { mkdtempSync, readlinkSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { SHUTDOWN_NAMES } from '../../../sandbox/machine/shutdown-request.js';
import { startSandbox, type Sandbox } from '../../../sandbox/start.js';
import { openSession } from '../support/session.js';

/** Bits of the capabilities' mask (capability.h). */
const CAP_SYS_MODULE = 16n;
const CAP_SYS_TIME = 25n;
const CAP_CHOWN = 0n;

let directory: string;
let sandbox: Sandbox;
let session: ReturnType<typeof openSession>;
let instance: string;

beforeAll(async () => {
  directory = mkdtempSync(path.join(tmpdir(), 'ami-machine-'));
  sandbox = await startSandbox({ directory });
  session = openSession(sandbox);
  instance = await session.launch(await session.baseImage());
  await session.online(instance);
});

afterAll(async () => {
  await sandbox.stop();
  rmSync(directory, { recursive: true });
});

async function printed(...commands: readonly string[]): Promise<string> {
  return (await session.run(instance, ...commands)).StandardOutputContent ?? '';
}

test('A program on an instance cannot set kernel parameters, load modules or set the clock.', async () => {
  // What is written is what is there already, should it ever be let through.
  const setting = '/proc/sys/vm/swappiness';
  const written = await session.run(instance, `cat ${setting} >/var/was && cat /var/was >${setting}`);
  expect(written).toMatchObject({
    Status: 'Failed',
    StandardErrorContent: expect.stringContaining('Read-only file system'),
  });
  const mask = BigInt(`0x${(await printed('grep CapEff /proc/self/status | cut -f2')).trim()}`);
  const has = (bit: bigint): boolean => ((mask >> bit) & 1n) === 1n;
  expect({ chown: has(CAP_CHOWN), module: has(CAP_SYS_MODULE), time: has(CAP_SYS_TIME) }).toEqual({
    chown: true,
    module: false,
    time: false,
  });
});

test('An instance has no systemd, and the network of the machine.', async () => {
  expect(await printed('[ -e /run/systemd/system ] || echo none; readlink /proc/self/ns/net')).toBe(
    `none\n${readlinkSync('/proc/self/ns/net')}\n`,
  );
});

test('A package can replace shutdown, poweroff, halt and reboot, and an instance of the image has the sandbox’s own again.', async () => {
  const names = SHUTDOWN_NAMES.join(' ');
  const replaced = await session.run(
    instance,
    'cd "$(dirname "$(readlink -f "$(command -v shutdown)")")" || exit',
    `for name in ${names}; do echo "echo mine" >new && chmod 755 new && mv new $name || exit; done`,
    names.replaceAll(' ', '; '),
  );
  expect(replaced).toMatchObject({ Status: 'Success', StandardOutputContent: 'mine\n'.repeat(4) });
  await session.ec2.send(new StopInstancesCommand({ InstanceIds: [instance] }));
  await session.reach(instance, 'stopped');
  const image = await session.createImage({ InstanceId: instance, Name: 'replaced' });
  instance = await session.launch(image);
  await session.online(instance);
  const count = `for name in ${names}; do grep -c /run/initctl "$(command -v $name)"; done`;
  expect(await printed(count)).toBe('1\n'.repeat(4));
  // Nobody waits for its end: the machine may go down before it can say so.
  await session.send(instance, ['poweroff']);
  await session.reach(instance, 'stopped');
});
