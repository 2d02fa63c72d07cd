import { StartInstancesCommand, StopInstancesCommand, TerminateInstancesCommand } from '@aws-sdk/client-ec2';
import { DescribeInstanceInformationCommand, SendCommandCommand } from '@aws-sdk/client-ssm';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { DEFAULT_DELAYS, REALISTIC_DELAYS } from '../../sandbox/delays.js';
import { startSandbox, type Sandbox } from '../../sandbox/start.js';
import { openSession, until } from './support/session.js';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

let directory: string;
let sandbox: Sandbox;
let session: ReturnType<typeof openSession>;
let base: string;

beforeAll(async () => {
  directory = mkdtempSync(path.join(tmpdir(), 'ami-sandbox-'));
  sandbox = await startSandbox({ directory, clock: { rate: 1 } });
  session = openSession(sandbox);
  base = await session.baseImage();
});

afterAll(async () => {
  await sandbox.stop();
  rmSync(directory, { recursive: true });
});

const script = (text: string): string => Buffer.from(`#!/bin/sh\n${text}\n`).toString('base64');

async function ping(id: string): Promise<readonly [status: string, at: number]> {
  const filter = { Key: 'InstanceIds', Values: [id] };
  const { InstanceInformationList: [found] = [] } = await session.ssm.send(
    new DescribeInstanceInformationCommand({ Filters: [filter] }),
  );
  return [found?.PingStatus ?? '', found?.LastPingDateTime?.getTime() ?? 0];
}

test('At a fast clock AWS’s own delays and an hour of sandbox-sleep take seconds.', async () => {
  const { control } = sandbox;
  await control.setDelays(REALISTIC_DELAYS);
  await control.setClock({ rate: 1200 });
  const before = (await control.status()).clock.time;
  const id = await session.launch(base);
  await session.online(id);
  // A clock that is this fast would end the command after seconds in which a busy machine has not begun it.
  const command = await session.send(id, ['sandbox-sleep 2700 && echo done'], '172800');
  const worked = await session.result(id, command);
  expect(worked).toMatchObject({ Status: 'Success', StandardOutputContent: 'done\n' });
  await session.ec2.send(new StopInstancesCommand({ InstanceIds: [id] }));
  await session.reach(id, 'stopped');
  await session.createImage({ InstanceId: id, Name: 'after-an-hour' });
  const { clock, delays } = await control.status();
  expect(clock.time - before).toBeGreaterThan(3000_000);
  expect({ rate: clock.rate, delays }).toEqual({ rate: 1200, delays: REALISTIC_DELAYS });
  await control.setClock({ rate: 1 });
  await control.reset();
});

test('A moved clock does what was to be done meanwhile, such as a shutdown in an hour.', async () => {
  await quick();
  const id = await session.launch(base, {
    InstanceInitiatedShutdownBehavior: 'terminate',
    UserData: script('shutdown -h +60'),
  });
  await session.online(id);
  await sandbox.control.advance(59 * MINUTE_MS);
  expect(await session.stateOf(id)).toBe('running');
  await sandbox.control.advance(MINUTE_MS);
  await session.reach(id, 'terminated');
});

test('The agent’s heartbeat comes every five minutes and stops with it; then the connection is lost.', async () => {
  await quick();
  const id = await session.launch(base);
  await session.online(id);
  const [, registered] = await ping(id);
  await sandbox.control.advance(12 * MINUTE_MS);
  expect(await ping(id)).toEqual(['Online', registered + 10 * MINUTE_MS]);
  await sandbox.control.setDelays({ agentOnlineMs: 24 * HOUR_MS });
  await session.ec2.send(new StopInstancesCommand({ InstanceIds: [id] }));
  await session.reach(id, 'stopped');
  await session.ec2.send(new StartInstancesCommand({ InstanceIds: [id] }));
  await session.reach(id, 'running');
  expect(await ping(id)).toEqual(['Online', registered + 10 * MINUTE_MS]);
  await sandbox.control.advance(10 * MINUTE_MS);
  expect(await ping(id)).toEqual(['ConnectionLost', registered + 10 * MINUTE_MS]);
  await session.ec2.send(new TerminateInstancesCommand({ InstanceIds: [id] }));
  await session.reach(id, 'terminated');
});

test('A command that no agent takes is DeliveryTimedOut after TimeoutSeconds.', async () => {
  await quick();
  await sandbox.control.addFault({ kind: 'agent-late', call: 2, ms: 'never' });
  const id = await session.launch(base);
  await session.online(id);
  await session.ec2.send(new StopInstancesCommand({ InstanceIds: [id] }));
  await session.reach(id, 'stopped');
  await session.ec2.send(new StartInstancesCommand({ InstanceIds: [id] }));
  await session.reach(id, 'running');
  const { Command } = await session.ssm.send(
    new SendCommandCommand({
      DocumentName: 'AWS-RunShellScript',
      InstanceIds: [id],
      Parameters: { commands: ['true'] },
      TimeoutSeconds: 600,
    }),
  );
  const command = Command?.CommandId ?? '';
  await sandbox.control.advance(540_000);
  expect(await session.invocation(id, command)).toMatchObject({ Status: 'Pending', ResponseCode: -1 });
  await sandbox.control.advance(60_000);
  expect(await session.invocation(id, command)).toMatchObject({
    Status: 'TimedOut',
    StatusDetails: 'DeliveryTimedOut',
    ResponseCode: -1,
  });
  await sandbox.control.reset();
});

test('An execution time-out is measured in the sandbox’s time, and kills the process group.', async () => {
  await quick();
  const id = await session.launch(base);
  await session.online(id);
  const command = await session.send(id, ['sleep 4331'], '1800');
  await until(async () => (await session.invocation(id, command)).Status === 'InProgress' || undefined, 'the start');
  await sandbox.control.advance(1800_000);
  expect(await session.result(id, command)).toMatchObject({ StatusDetails: 'ExecutionTimedOut', ResponseCode: 137 });
  expect(await session.run(id, 'pgrep -f "sleep 433[1]"')).toMatchObject({ ResponseCode: 1 });
  await sandbox.control.reset();
});

test('The clock of a directory never goes back, whatever daemon runs there.', async () => {
  await sandbox.control.advance(30 * 24 * HOUR_MS);
  const before = (await sandbox.control.status()).clock.time;
  await sandbox.stop();
  sandbox = await startSandbox({ directory });
  session = openSession(sandbox);
  expect((await sandbox.control.status()).clock.time).toBeGreaterThanOrEqual(before);
});

async function quick(): Promise<void> {
  await sandbox.control.setDelays(DEFAULT_DELAYS);
}
