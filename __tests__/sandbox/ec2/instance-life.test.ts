import {
  DescribeInstancesCommand,
  GetConsoleOutputCommand,
  RebootInstancesCommand,
  StartInstancesCommand,
  StopInstancesCommand,
  TerminateInstancesCommand,
  type RunInstancesRequest,
} from '@aws-sdk/client-ec2';
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { DEFAULT_DELAYS } from '../../../sandbox/delays.js';
import { startSandbox, type Sandbox } from '../../../sandbox/start.js';
import { refusalOf } from '../support/account-client.js';
import { openSession } from '../support/session.js';

const MINUTE_MS = 60_000;

let directory: string;
let sandbox: Sandbox;
let session: ReturnType<typeof openSession>;
let base: string;

beforeAll(async () => {
  directory = mkdtempSync(path.join(tmpdir(), 'ami-instances-'));
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

const script = (text: string): string => Buffer.from(`#!/bin/sh\n${text}\n`).toString('base64');

async function launched(extra: Partial<RunInstancesRequest> = {}): Promise<string> {
  const id = await session.launch(base, extra);
  await session.online(id);
  return id;
}

async function consoleOf(id: string): Promise<string> {
  const { Output = '' } = await session.ec2.send(new GetConsoleOutputCommand({ InstanceId: id }));
  return Buffer.from(Output, 'base64').toString();
}

test('A fresh instance id is InvalidInstanceID.NotFound for a moment.', async () => {
  await sandbox.control.setDelays({ instanceVisibleMs: MINUTE_MS });
  const id = await session.launch(base);
  await expect(session.stateOf(id)).rejects.toMatchObject({
    name: 'InvalidInstanceID.NotFound',
    message: `The instance ID '${id}' does not exist`,
  });
  await sandbox.control.advance(MINUTE_MS);
  expect(await session.stateOf(id)).toBe('running');
});

test('An instance is pending before it is running, and shutting-down before it is terminated.', async () => {
  await sandbox.control.setDelays({ instanceVisibleMs: 0, instanceRunningMs: MINUTE_MS });
  const id = await session.launch(base);
  expect(await session.stateOf(id)).toBe('pending');
  await sandbox.control.advance(MINUTE_MS);
  expect(await session.stateOf(id)).toBe('running');
  const { TerminatingInstances } = await session.ec2.send(new TerminateInstancesCommand({ InstanceIds: [id] }));
  expect(TerminatingInstances).toEqual([
    {
      InstanceId: id,
      PreviousState: { Code: 16, Name: 'running' },
      CurrentState: { Code: 32, Name: 'shutting-down' },
    },
  ]);
  await session.reach(id, 'terminated');
});

test('A terminated instance is described for an hour, and unknown after it.', async () => {
  const id = await launched();
  await session.ec2.send(new TerminateInstancesCommand({ InstanceIds: [id] }));
  await session.reach(id, 'terminated');
  await sandbox.control.advance(59 * MINUTE_MS);
  expect(await session.stateOf(id)).toBe('terminated');
  await sandbox.control.advance(MINUTE_MS);
  expect(await refusalOf(session.stateOf(id))).toBe('InvalidInstanceID.NotFound');
});

test('User data runs once, before the agent is online, and stays where cloud-init leaves it.', async () => {
  const text = 'echo run >>/var/user-data-runs';
  const id = await launched({ UserData: script(text) });
  const look = `cat /var/user-data-runs; cd /var/lib/cloud/instances/${id}; ls; ls scripts; tail -1 user-data.txt`;
  const seen = `run\nscripts\nuser-data.txt\npart-001\n${text}\n`;
  expect((await session.run(id, look)).StandardOutputContent).toBe(seen);
  const before = await session.pinged(id);
  await session.ec2.send(new RebootInstancesCommand({ InstanceIds: [id] }));
  await session.online(id, before);
  expect((await session.run(id, look)).StandardOutputContent).toBe(seen);
});

test('The console shows what user data printed, and how it ended.', async () => {
  const id = await launched({ UserData: script('echo on the console; exit 3') });
  expect(await consoleOf(id)).toBe('on the console\nuser data ended with exit code 3\n');
});

test('User data that is no script is not run, and the console says so.', async () => {
  const cloudConfig = '#cloud-config\nruncmd: [touch /var/ran]\n';
  const id = await launched({ UserData: Buffer.from(cloudConfig).toString('base64') });
  expect(await consoleOf(id)).toBe('user data does not start with #! and was not run: the sandbox runs scripts only\n');
  expect(await session.run(id, 'ls /var/ran')).toMatchObject({ ResponseCode: 2 });
});

test('A shutdown from inside stops or terminates, as InstanceInitiatedShutdownBehavior says.', async () => {
  const doomed = await session.launch(base, {
    InstanceInitiatedShutdownBehavior: 'terminate',
    UserData: script('shutdown -h now'),
  });
  const resting = await session.launch(base, {
    InstanceInitiatedShutdownBehavior: 'stop',
    UserData: script('poweroff'),
  });
  await session.reach(doomed, 'terminated');
  await session.reach(resting, 'stopped');
  const { Reservations = [] } = await session.ec2.send(new DescribeInstancesCommand({}));
  const reasons = Reservations.flatMap(({ Instances = [] }) => Instances.map(({ StateReason }) => StateReason?.Code));
  expect(reasons).toEqual(Array<string>(2).fill('Client.InstanceInitiatedShutdown'));
});

test('StopInstances stops whatever InstanceInitiatedShutdownBehavior says, and what was written stays.', async () => {
  const id = await launched({ InstanceInitiatedShutdownBehavior: 'terminate' });
  expect(await session.run(id, 'shutdown -h +60; echo kept >/var/kept')).toMatchObject({ ResponseCode: 0 });
  const before = await session.pinged(id);
  await session.ec2.send(new StopInstancesCommand({ InstanceIds: [id] }));
  await session.reach(id, 'stopped');
  await sandbox.control.advance(61 * MINUTE_MS);
  expect(await session.stateOf(id)).toBe('stopped');
  await session.ec2.send(new StartInstancesCommand({ InstanceIds: [id] }));
  await session.online(id, before);
  expect((await session.run(id, 'cat /var/kept')).StandardOutputContent).toBe('kept\n');
});

test('One id that is not there fails a whole call, and nothing changes.', async () => {
  const id = await launched();
  const terminate = (other: string): Promise<unknown> =>
    session.ec2.send(new TerminateInstancesCommand({ InstanceIds: [id, other] }));
  expect([await refusalOf(terminate('i-0123456789abcdef0')), await refusalOf(terminate('i-xyz'))]).toEqual([
    'InvalidInstanceID.NotFound',
    'InvalidInstanceID.Malformed',
  ]);
  expect(await session.stateOf(id)).toBe('running');
});

test('One instance in the wrong state fails a whole call with IncorrectInstanceState, and nothing changes.', async () => {
  const [running, gone] = await Promise.all([launched(), launched()]);
  await session.ec2.send(new TerminateInstancesCommand({ InstanceIds: [gone] }));
  await session.reach(gone, 'terminated');
  const InstanceIds = [running, gone];
  expect({
    stop: await refusalOf(session.ec2.send(new StopInstancesCommand({ InstanceIds }))),
    start: await refusalOf(session.ec2.send(new StartInstancesCommand({ InstanceIds }))),
    reboot: await refusalOf(session.ec2.send(new RebootInstancesCommand({ InstanceIds }))),
    state: await session.stateOf(running),
  }).toEqual({
    stop: 'IncorrectInstanceState',
    start: 'IncorrectInstanceState',
    reboot: 'IncorrectInstanceState',
    state: 'running',
  });
});

test('Terminating a terminated instance succeeds again.', async () => {
  const id = await launched();
  const terminate = (): Promise<unknown> => session.ec2.send(new TerminateInstancesCommand({ InstanceIds: [id] }));
  await terminate();
  await session.reach(id, 'terminated');
  const terminated = { Code: 48, Name: 'terminated' };
  expect(await terminate()).toMatchObject({
    TerminatingInstances: [{ InstanceId: id, PreviousState: terminated, CurrentState: terminated }],
  });
});
