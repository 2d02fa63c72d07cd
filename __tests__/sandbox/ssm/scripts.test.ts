import { CancelCommandCommand, SendCommandCommand } from '@aws-sdk/client-ssm';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { startSandbox, type Sandbox } from '../../../sandbox/start.js';
import { openSession, until } from '../support/session.js';

let directory: string;
let sandbox: Sandbox;
let session: ReturnType<typeof openSession>;
let instance: string;

beforeAll(async () => {
  directory = mkdtempSync(path.join(tmpdir(), 'ami-scripts-'));
  sandbox = await startSandbox({ directory });
  session = openSession(sandbox);
  instance = await session.launch(await session.baseImage());
  await session.online(instance);
});

afterAll(async () => {
  await sandbox.stop();
  rmSync(directory, { recursive: true });
});

async function started(command: string): Promise<void> {
  await until(async () => (await session.invocation(instance, command)).Status !== 'Pending' || undefined, 'the start');
}

test('A script runs under sh as root, in /usr/bin, without HOME, without input, and only its last command counts.', async () => {
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

test('AWS clients in a script reach the sandbox: the agent’s environment has AWS_ENDPOINT_URL.', async () => {
  const { StandardOutputContent } = await session.run(instance, 'printf %s "$AWS_ENDPOINT_URL"');
  expect(StandardOutputContent).toBe(sandbox.endpoint);
});

test('A shebang is honoured.', async () => {
  const { StandardOutputContent } = await session.run(
    instance,
    '#!/bin/bash',
    'set -o pipefail; false | true',
    'echo $?',
  );
  expect(StandardOutputContent).toBe('1\n');
});

test('A script runs in workingDirectory, and has failed when there is no such directory.', async () => {
  const runIn = async (workingDirectory: string): Promise<unknown> => {
    const Parameters = { commands: ['pwd'], workingDirectory: [workingDirectory] };
    const request = { DocumentName: 'AWS-RunShellScript', InstanceIds: [instance], Parameters };
    const { Command } = await session.ssm.send(new SendCommandCommand(request));
    return session.result(instance, Command?.CommandId ?? '');
  };
  expect(await runIn('/var')).toMatchObject({ Status: 'Success', StandardOutputContent: '/var\n' });
  expect(await runIn('/nowhere')).toMatchObject({ Status: 'Failed', ResponseCode: 1, StandardOutputContent: '' });
});

test('A failing script’s exit code is its response code, and the agent says so on standard error.', async () => {
  expect(await session.run(instance, 'echo lost >&2; exit 7')).toMatchObject({
    Status: 'Failed',
    StatusDetails: 'Failed',
    ResponseCode: 7,
    StandardErrorContent: 'lost\nfailed to run commands: exit status 7',
  });
});

test('A background child that holds the output open keeps the command running; one that does not lets it end, and lives on.', async () => {
  const startedAt = Date.now();
  await session.run(instance, '(sleep 0.5) &');
  expect(Date.now() - startedAt).toBeGreaterThanOrEqual(500);
  const childEnds = 'until [ -e /var/may-end ]; do sleep 0.02; done; echo done >/var/detached';
  await session.run(instance, `setsid sh -c "${childEnds}" >/dev/null 2>&1 </dev/null &`);
  await session.run(instance, 'touch /var/may-end');
  const written = await until(async () => {
    const { StandardOutputContent } = await session.run(instance, 'cat /var/detached 2>/dev/null');
    return StandardOutputContent === '' ? undefined : StandardOutputContent;
  }, 'the detached child');
  expect(written).toBe('done\n');
});

test('Exit code 137 is a time-out, whoever exited with it.', async () => {
  expect(await session.run(instance, 'exit 137')).toMatchObject({
    Status: 'TimedOut',
    StatusDetails: 'ExecutionTimedOut',
    ResponseCode: 137,
  });
});

test('Exit code 194 reboots and runs the script again, as one command.', async () => {
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

test('CancelCommand kills the process group, and what was printed stays.', async () => {
  const command = await session.send(instance, ['echo before; touch /var/begun; sleep 4323']);
  await until(async () => (await session.run(instance, 'ls /var/begun')).ResponseCode === 0 || undefined, 'the script');
  await session.ssm.send(new CancelCommandCommand({ CommandId: command }));
  expect(await session.result(instance, command)).toMatchObject({
    Status: 'Cancelled',
    StatusDetails: 'Cancelled',
    StandardOutputContent: 'before\n',
  });
  expect(await session.run(instance, 'pgrep -f "sleep 432[3]"')).toMatchObject({ ResponseCode: 1 });
});

test('An executionTimeout that is no number from 5 to 172,800 counts as 3,600 seconds.', async () => {
  const timeouts = ['4', '172801', 'soon', '5'];
  const commands = await Promise.all(timeouts.map((timeout) => session.send(instance, ['sleep 4324'], timeout)));
  await Promise.all(commands.map(started));
  const details = (): Promise<unknown> =>
    Promise.all(commands.map(async (command) => (await session.invocation(instance, command)).StatusDetails));
  await sandbox.control.advance(5_000);
  await session.result(instance, commands.at(-1) ?? '');
  await sandbox.control.advance(3_500_000);
  expect(await details()).toEqual(['InProgress', 'InProgress', 'InProgress', 'ExecutionTimedOut']);
  await sandbox.control.advance(100_000);
  await Promise.all(commands.map((command) => session.result(instance, command)));
  expect(await details()).toEqual(Array<string>(4).fill('ExecutionTimedOut'));
});
