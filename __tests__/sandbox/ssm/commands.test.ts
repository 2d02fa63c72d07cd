import {
  RebootInstancesCommand,
  StartInstancesCommand,
  StopInstancesCommand,
  TerminateInstancesCommand,
} from '@aws-sdk/client-ec2';
import {
  DescribeInstanceInformationCommand,
  ListCommandInvocationsCommand,
  SendCommandCommand,
  type SendCommandRequest,
} from '@aws-sdk/client-ssm';
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { DEFAULT_DELAYS } from '../../../sandbox/delays.js';
import { startSandbox, type Sandbox } from '../../../sandbox/start.js';
import { refusalOf } from '../support/account-client.js';
import { openSession, until } from '../support/session.js';

const MINUTE_MS = 60_000;

let directory: string;
let sandbox: Sandbox;
let session: ReturnType<typeof openSession>;
let instance: string;

beforeAll(async () => {
  directory = mkdtempSync(path.join(tmpdir(), 'ami-commands-'));
  sandbox = await startSandbox({ directory });
  session = openSession(sandbox);
  instance = await session.launch(await session.baseImage());
  await session.online(instance);
});

afterEach(async () => {
  await sandbox.control.setDelays(DEFAULT_DELAYS);
});

afterAll(async () => {
  await sandbox.stop();
  rmSync(directory, { recursive: true });
});

/** Moves the clock until the agent of an instance has registered, which takes it a minute. */
async function registered(id: string, after = 0): Promise<void> {
  await until(async () => {
    await sandbox.control.advance(MINUTE_MS);
    return (await session.pinged(id)) > after || undefined;
  }, 'the agent');
}

const terminate = (id: string): Promise<unknown> =>
  session.ec2.send(new TerminateInstancesCommand({ InstanceIds: [id] }));

test('An instance is no target until its agent has registered, some time after the boot: InvalidInstanceId.', async () => {
  await sandbox.control.setDelays({ agentOnlineMs: MINUTE_MS });
  const id = await session.launch(await session.baseImage());
  await session.reach(id, 'running');
  expect(await refusalOf(session.send(id, ['true']))).toBe('InvalidInstanceId');
  await registered(id);
  expect(await session.run(id, 'echo here')).toMatchObject({ StandardOutputContent: 'here\n' });
  await terminate(id);
});

test('An instance without an instance profile never registers, and is no target.', async () => {
  const id = await session.launch(await session.baseImage(), { IamInstanceProfile: undefined });
  await session.reach(id, 'running');
  await sandbox.control.advance(60 * MINUTE_MS);
  expect(await refusalOf(session.send(id, ['true']))).toBe('InvalidInstanceId');
  expect(await session.pinged(id)).toBe(0);
  await terminate(id);
});

test('DescribeInstanceInformation leaves out instances that are stopped or terminated.', async () => {
  const id = await session.launch(await session.baseImage());
  await session.online(id);
  const isListed = async (): Promise<boolean> => {
    const { InstanceInformationList = [] } = await session.ssm.send(new DescribeInstanceInformationCommand({}));
    return InstanceInformationList.some(({ InstanceId }) => InstanceId === id);
  };
  expect(await isListed()).toBe(true);
  const before = await session.pinged(id);
  await session.ec2.send(new StopInstancesCommand({ InstanceIds: [id] }));
  await session.reach(id, 'stopped');
  expect(await isListed()).toBe(false);
  await session.ec2.send(new StartInstancesCommand({ InstanceIds: [id] }));
  await session.online(id, before);
  expect(await isListed()).toBe(true);
  await terminate(id);
  await session.reach(id, 'terminated');
  expect(await isListed()).toBe(false);
});

test('After a reboot an instance looks online for a while, with its old LastPingDateTime.', async () => {
  await sandbox.control.setDelays({ agentOnlineMs: MINUTE_MS });
  const id = await session.launch(await session.baseImage());
  await registered(id);
  const before = await session.pinged(id);
  await session.ec2.send(new RebootInstancesCommand({ InstanceIds: [id] }));
  const Filters = [{ Key: 'InstanceIds', Values: [id] }];
  const { InstanceInformationList } = await session.ssm.send(new DescribeInstanceInformationCommand({ Filters }));
  expect(InstanceInformationList).toMatchObject([{ PingStatus: 'Online', LastPingDateTime: new Date(before) }]);
  await registered(id, before);
  await terminate(id);
});

test('An invocation is InvocationDoesNotExist for a moment after SendCommand.', async () => {
  await sandbox.control.setDelays({ invocationVisibleMs: MINUTE_MS });
  const command = await session.send(instance, ['echo there']);
  expect(await refusalOf(session.invocation(instance, command))).toBe('InvocationDoesNotExist');
  await sandbox.control.advance(MINUTE_MS);
  expect(await session.result(instance, command)).toMatchObject({ StandardOutputContent: 'there\n' });
});

test('Output is empty until the script has ended.', async () => {
  const command = await session.send(instance, ['echo early; until [ -e /var/may-end ]; do sleep 0.02; done']);
  const during = await until(async () => {
    const found = await session.invocation(instance, command);
    return found.Status === 'InProgress' ? found : undefined;
  }, 'the script to run');
  expect(during).toMatchObject({ StandardOutputContent: '', ResponseCode: -1 });
  await session.run(instance, 'touch /var/may-end');
  expect(await session.result(instance, command)).toMatchObject({ StandardOutputContent: 'early\n' });
});

test('Output is cut at 24,000 characters, errors at 8,000, with --output truncated-- at the end.', async () => {
  const { StandardOutputContent = '', StandardErrorContent = '' } = await session.run(
    instance,
    'head -c 30000 /dev/zero | tr "\\0" x; head -c 30000 /dev/zero | tr "\\0" y >&2',
  );
  const mark = '--output truncated--';
  expect(StandardOutputContent).toBe('x'.repeat(24_000 - mark.length) + mark);
  expect(StandardErrorContent).toBe('y'.repeat(8_000 - mark.length) + mark);
});

test('ListCommandInvocations shows 2,500 characters of output, and only with Details.', async () => {
  const command = await session.send(instance, ['head -c 3000 /dev/zero | tr "\\0" x']);
  await session.result(instance, command);
  const plugins = async (Details: boolean): Promise<unknown> => {
    const request = { CommandId: command, Details };
    return (await session.ssm.send(new ListCommandInvocationsCommand(request))).CommandInvocations?.[0]?.CommandPlugins;
  };
  expect(await plugins(true)).toMatchObject([{ Name: 'aws:runShellScript', Output: 'x'.repeat(2_500) }]);
  expect(await plugins(false)).toEqual([]);
});

const message = (extra: Partial<SendCommandRequest>): Promise<string> =>
  refusalOf(
    session.ssm.send(
      new SendCommandCommand({
        DocumentName: 'AWS-RunShellScript',
        InstanceIds: [instance],
        Parameters: { commands: ['true'] },
        ...extra,
      }),
    ),
  );

test('The document is AWS-RunShellScript, else InvalidDocument, with its own parameters, else InvalidParameters.', async () => {
  expect({
    document: await message({ DocumentName: 'AWS-RunPowerShellScript' }),
    parameter: await message({ Parameters: { commands: ['true'], colour: ['red'] } }),
    noCommands: await message({ Parameters: { workingDirectory: ['/'] } }),
    all: await message({ Parameters: { commands: ['true'], workingDirectory: ['/'], executionTimeout: ['60'] } }),
  }).toEqual({
    document: 'InvalidDocument',
    parameter: 'InvalidParameters',
    noCommands: 'InvalidParameters',
    all: 'accepted',
  });
});

test('A command goes to at most 50 instances, with 100 characters of comment and 30 to 2,592,000 seconds for its delivery.', async () => {
  const strangers = (count: number): string[] =>
    Array.from({ length: count }, (_, index) => `i-${index.toString().padStart(17, '0')}`);
  expect({
    // Nobody refuses their number, so it is seen that they are not there.
    fifty: await message({ InstanceIds: strangers(50) }),
    more: await message({ InstanceIds: strangers(51) }),
    hundred: await message({ Comment: 'x'.repeat(100) }),
    longer: await message({ Comment: 'x'.repeat(101) }),
    shortest: await message({ TimeoutSeconds: 30 }),
    tooShort: await message({ TimeoutSeconds: 29 }),
    longest: await message({ TimeoutSeconds: 2_592_000 }),
    tooLong: await message({ TimeoutSeconds: 2_592_001 }),
  }).toEqual({
    fifty: 'InvalidInstanceId',
    more: 'ValidationException',
    hundred: 'accepted',
    longer: 'ValidationException',
    shortest: 'accepted',
    tooShort: 'ValidationException',
    longest: 'accepted',
    tooLong: 'ValidationException',
  });
});

test('Parameters of more than 64 KB are MaxDocumentSizeExceeded.', async () => {
  const commands = (bytes: number): SendCommandRequest['Parameters'] => ({ commands: [`# ${'x'.repeat(bytes)}`] });
  expect([await message({ Parameters: commands(65_000) }), await message({ Parameters: commands(65_536) })]).toEqual([
    'accepted',
    'MaxDocumentSizeExceeded',
  ]);
});
