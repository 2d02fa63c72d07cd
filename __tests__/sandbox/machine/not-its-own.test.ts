import { StopInstancesCommand } from '@aws-sdk/client-ec2';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { once } from 'node:events';
import { mkdtempSync, readlinkSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { createServer, type AddressInfo } from 'node:net';
import path from 'node:path';
import { SHUTDOWN_NAMES } from '../../../sandbox/machine/shutdown-request.js';
import { startSandbox, type Sandbox } from '../../../sandbox/start.js';
import { machineAddress } from '../../machine-address.js';
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

test('An instance has no systemd.', async () => {
  expect(await printed('[ -e /run/systemd/system ] || echo none')).toBe('none\n');
});

test('What is the kernel’s is read-only on an instance: /proc/sys and its like, devices and control groups.', async () => {
  const tries = [
    'echo 1 >/proc/sys/net/ipv4/ip_forward',
    'echo core >/proc/sys/kernel/core_pattern',
    'echo x >/proc/sysrq-trigger',
    'mkdir /sys/fs/cgroup/mine',
    'echo 0 >/sys/fs/cgroup/cgroup.procs',
    'echo 1 >/sys/kernel/mm/ksm/run',
    'echo x >/proc/irq/default_smp_affinity',
  ];
  const script = tries.map((one) => `(${one}) 2>/dev/null && echo ${JSON.stringify(`done: ${one}`)}`);
  expect(await printed(...script, 'true')).toBe('');
});

describe('with a network of its own', () => {
  /** `heard`, when a program on the instance can talk to that port. */
  const ask = (address: string, port: number): string =>
    `(exec 3<>/dev/tcp/${address}/${port} && head -c5 <&3) 2>/dev/null || echo refused; echo`;
  const serve = async (host: string): Promise<{ readonly port: number; readonly close: () => void }> => {
    const server = createServer((socket) => void socket.on('error', () => undefined).end('heard'));
    server.listen(0, host);
    await once(server, 'listening');
    return { port: (server.address() as AddressInfo).port, close: () => server.close() };
  };
  const bash = async (...commands: readonly string[]): Promise<string> => printed('#!/bin/bash', ...commands);

  test('An instance reaches no service on the machine’s loopback, only the sandbox, and what it serves itself.', async () => {
    const { network } = await sandbox.control.status();
    if (network === 'shared') return;
    expect(await printed('readlink /proc/self/ns/net')).not.toBe(`${readlinkSync('/proc/self/ns/net')}\n`);
    const [loopback, everywhere] = [await serve('127.0.0.1'), await serve('0.0.0.0')];
    const own = await printed('hostname');
    const said = await bash(
      ...['127.0.0.1', 'localhost', '127.0.0.2', '0.0.0.0'].map((address) => ask(address, loopback.port)),
      ask('127.0.0.1', everywhere.port),
      ask(machineAddress(), everywhere.port),
      ask(own.trim().replace('ip-', '').replaceAll('-', '.'), everywhere.port),
      `status() { printf 'GET / HTTP/1.0\\r\\nHost: 127.0.0.1\\r\\n\\r\\n' >&3; read -r _ status _ <&3; echo "$status"; }`,
      `exec 3<>/dev/tcp/127.0.0.1/${new URL(sandbox.endpoint).port} && status`,
    );
    loopback.close();
    everywhere.close();
    const refused = 'refused\n\n';
    expect(said).toBe(`${refused.repeat(5)}heard\n${refused}403\n`);
  });

  test('An instance can listen on any port, also one that the machine uses, and reach it.', async () => {
    const { network } = await sandbox.control.status();
    if (network === 'shared') return;
    const busy = await serve('0.0.0.0');
    const listen = `perl -MIO::Socket::INET -e '$s = IO::Socket::INET->new(LocalAddr => "127.0.0.1", LocalPort => ${busy.port}, Listen => 1) or die; $| = 1; print "up\\n"; $c = $s->accept; print $c "inner"' >/run/said &`;
    const said = await bash(listen, 'until grep -q up /run/said; do sleep 0.02; done', ask('127.0.0.1', busy.port));
    busy.close();
    expect(said).toBe('inner\n');
  });
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
