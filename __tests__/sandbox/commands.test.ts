import { TerminateInstancesCommand } from '@aws-sdk/client-ec2';
import { CancelCommandCommand, ListCommandInvocationsCommand, ListCommandsCommand } from '@aws-sdk/client-ssm';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { startSandbox, type Sandbox } from '../../sandbox/start.js';
import { openSession, until } from './support/session.js';

let directory: string;
let sandbox: Sandbox;
let session: ReturnType<typeof openSession>;
let instance: string;
/** The shortest time-out there is takes five seconds, so it runs beside the other tests. */
let timingOut: string;

beforeAll(async () => {
  directory = mkdtempSync(path.join(tmpdir(), 'ami-sandbox-'));
  sandbox = await startSandbox({ directory });
  session = openSession(sandbox);
  instance = await session.launch(await session.baseImage());
  await session.online(instance);
  timingOut = await session.send(instance, ['echo before; sleep 4322'], '5');
});

afterAll(async () => {
  await sandbox.stop();
  rmSync(directory, { recursive: true });
});

test('a script runs under sh as root, without HOME, without input, and only its last command counts', async () => {
  const { StandardOutputContent = '', ...rest } = await session.run(
    instance,
    'false',
    'id -u; pwd; echo "HOME=${HOME-unset}"; cat; env | grep SSM | cut -d= -f1 | sort',
  );
  expect(StandardOutputContent.split('\n')).toEqual([
    '0',
    '/usr/bin',
    'HOME=unset',
    'AWS_SSM_INSTANCE_ID',
    'AWS_SSM_PLATFORM_NAME',
    'AWS_SSM_PLATFORM_VERSION',
    'AWS_SSM_REGION_NAME',
    'SSM_COMMAND_ID',
    '',
  ]);
  expect(rest).toMatchObject({ Status: 'Success', StatusDetails: 'Success', ResponseCode: 0 });
});

test('a shebang is honoured', async () => {
  const { StandardOutputContent } = await session.run(
    instance,
    '#!/bin/bash',
    'set -o pipefail; false | true',
    'echo $?',
  );
  expect(StandardOutputContent).toBe('1\n');
});

test('a failing script reports its exit code, and the agent says so on standard error', async () => {
  expect(await session.run(instance, 'echo lost >&2; exit 7')).toMatchObject({
    Status: 'Failed',
    StatusDetails: 'Failed',
    ResponseCode: 7,
    StandardErrorContent: 'lost\nfailed to run commands: exit status 7',
  });
});

test('output is cut at 24,000 and 8,000 characters', async () => {
  const { StandardOutputContent = '', StandardErrorContent = '' } = await session.run(
    instance,
    'head -c 30000 /dev/zero | tr "\\0" x; head -c 30000 /dev/zero | tr "\\0" y >&2',
  );
  const mark = '--output truncated--';
  expect(StandardOutputContent).toBe('x'.repeat(24_000 - mark.length) + mark);
  expect(StandardErrorContent).toBe('y'.repeat(8_000 - mark.length) + mark);
});

test('output stays empty until the script has ended', async () => {
  const command = await session.send(instance, ['echo early; sleep 0.4']);
  const during = await until(async () => {
    const found = await session.invocation(instance, command);
    return found.Status === 'InProgress' ? found : undefined;
  }, 'the script to run');
  expect(during).toMatchObject({ StandardOutputContent: '', ResponseCode: -1 });
  expect(await session.result(instance, command)).toMatchObject({ StandardOutputContent: 'early\n' });
});

test('a background child that holds the output open keeps the command running; one that does not lets it end', async () => {
  const started = Date.now();
  await session.run(instance, '(sleep 0.5) &');
  expect(Date.now() - started).toBeGreaterThanOrEqual(500);
  await session.run(instance, 'setsid sh -c "sleep 0.3; echo done >/var/detached" >/dev/null 2>&1 </dev/null &');
  const written = await until(async () => {
    const { StandardOutputContent } = await session.run(instance, 'cat /var/detached 2>/dev/null');
    return StandardOutputContent === '' ? undefined : StandardOutputContent;
  }, 'the detached child');
  expect(written).toBe('done\n');
});

test('exit code 137 is reported as a time-out', async () => {
  expect(await session.run(instance, 'exit 137')).toMatchObject({
    Status: 'TimedOut',
    StatusDetails: 'ExecutionTimedOut',
    ResponseCode: 137,
  });
});

test('cancelling kills the process group', async () => {
  const command = await session.send(instance, ['sleep 4323']);
  await session.ssm.send(new CancelCommandCommand({ CommandId: command }));
  expect(await session.result(instance, command)).toMatchObject({ Status: 'Cancelled', StatusDetails: 'Cancelled' });
  expect(await session.run(instance, 'pgrep -f "sleep 432[3]"')).toMatchObject({ ResponseCode: 1 });
});

test('a time-out kills the process group', async () => {
  expect(await session.result(instance, timingOut)).toMatchObject({
    Status: 'TimedOut',
    StatusDetails: 'ExecutionTimedOut',
    ResponseCode: 137,
    StandardOutputContent: 'before\n',
  });
  expect(await session.run(instance, 'pgrep -f "sleep 432[2]"')).toMatchObject({ ResponseCode: 1 });
});

test('exit code 194 reboots and runs the script again, as one command', async () => {
  const before = await session.pinged(instance);
  const ended = await session.run(
    instance,
    'cat /proc/sys/kernel/random/boot_id',
    'if [ ! -e /var/rebooted ]; then touch /var/rebooted; exit 194; fi',
  );
  const [first, second, ...more] = (ended.StandardOutputContent ?? '').trim().split('\n');
  expect({ status: ended.Status, isOther: first !== second, more }).toEqual({
    status: 'Success',
    isOther: true,
    more: [],
  });
  expect(await session.pinged(instance)).toBeGreaterThan(before);
});

test('commands are listed, by instance and page', async () => {
  const { ssm } = session;
  const all = await ssm.send(new ListCommandsCommand({ InstanceId: instance, MaxResults: 50 }));
  const first = await ssm.send(
    new ListCommandInvocationsCommand({ InstanceId: instance, MaxResults: 3, Details: true }),
  );
  expect(first.CommandInvocations).toHaveLength(3);
  const rest = await ssm.send(
    new ListCommandInvocationsCommand({
      InstanceId: instance,
      MaxResults: 50,
      ...(first.NextToken && { NextToken: first.NextToken }),
    }),
  );
  expect(3 + (rest.CommandInvocations?.length ?? 0)).toBe(all.Commands?.length);
});

test('an instance without an instance profile never registers, and is no target', async () => {
  const { ec2, baseImage, launch, reach, send, pinged } = session;
  const id = await launch(await baseImage(), { IamInstanceProfile: undefined });
  await reach(id, 'running');
  await expect(send(id, ['true'])).rejects.toMatchObject({ name: 'InvalidInstanceId' });
  expect(await pinged(id)).toBe(0);
  await ec2.send(new TerminateInstancesCommand({ InstanceIds: [id] }));
});
