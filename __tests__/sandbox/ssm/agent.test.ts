import { TerminateInstancesCommand } from '@aws-sdk/client-ec2';
import {
  CancelCommandCommand,
  ListCommandInvocationsCommand,
  ListCommandsCommand,
  PutParameterCommand,
  SendCommandCommand,
  type CommandFilter,
} from '@aws-sdk/client-ssm';
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
  directory = mkdtempSync(path.join(tmpdir(), 'ami-sandbox-'));
  sandbox = await startSandbox({ directory });
  session = openSession(sandbox);
  instance = await session.launch(await session.baseImage());
  await session.online(instance);
});

afterAll(async () => {
  await sandbox.stop();
  rmSync(directory, { recursive: true });
});

test('The agent puts parameters into the script, once, and leaves other braces alone.', async () => {
  const put = (Name: string, Value: string): Promise<unknown> =>
    session.ssm.send(new PutParameterCommand({ Name, Value, Type: 'String' }));
  await put('/app/greeting', 'hello {{ssm:/app/name}}');
  await put('/app/name', 'world');
  const { StandardOutputContent } = await session.run(
    instance,
    "echo '{{ ssm:/app/greeting }} {{ssm:/app/name}} {{name}} {{global:DATE}}'",
  );
  expect(StandardOutputContent).toBe('hello {{ssm:/app/name}} world {{name}} {{global:DATE}}\n');
});

test('A command with a parameter that is not there, or is secret, fails before it runs.', async () => {
  await session.ssm.send(new PutParameterCommand({ Name: '/app/secret', Value: 'x', Type: 'SecureString' }));
  expect(await session.run(instance, 'touch /var/ran; echo {{ssm:/app/none}}')).toMatchObject({
    Status: 'Failed',
    ResponseCode: 1,
    StandardErrorContent: 'Input contains invalid parameters [/app/none]',
  });
  expect(await session.run(instance, 'touch /var/ran; echo {{ssm:/app/secret}}')).toMatchObject({
    Status: 'Failed',
    StandardErrorContent: 'Parameters [/app/secret] of type SecureString are not supported',
  });
  expect(await session.run(instance, 'ls /var/ran')).toMatchObject({ Status: 'Failed', ResponseCode: 2 });
});

test('A script whose process group a signal ends has failed with response code −1.', async () => {
  expect(await session.run(instance, 'echo begun; kill -TERM 0')).toMatchObject({
    Status: 'Failed',
    ResponseCode: -1,
    StandardOutputContent: 'begun\n',
    StandardErrorContent: 'failed to run commands: signal: terminated',
  });
});

test('The orchestration directory keeps every script.', async () => {
  const command = await session.send(instance, ['echo kept']);
  await session.result(instance, command);
  const file = `/var/lib/amazon/ssm/${instance}/document/orchestration/${command}/awsrunShellScript/0.awsrunShellScript/_script.sh`;
  expect((await session.run(instance, `stat -c %a ${file}; cat ${file}`)).StandardOutputContent).toBe(
    '700\necho kept\n',
  );
});

test('Commands and invocations are filtered by time, status, document and stage, and listed in pages.', async () => {
  const from = new Date((await sandbox.control.status()).clock.time).toISOString();
  await sandbox.control.advance(1_000);
  const failed = await session.send(instance, ['exit 3']);
  await session.result(instance, failed);
  const succeeded = await session.send(instance, ['true']);
  await session.result(instance, succeeded);
  const going = await session.send(instance, ['sleep 4351']);
  await until(
    async () => (await session.invocation(instance, going)).Status === 'InProgress' || undefined,
    'the start',
  );

  const filtered = async (...Filters: readonly CommandFilter[]): Promise<readonly (readonly string[])[]> => {
    const after: CommandFilter = { key: 'InvokedAfter', value: from };
    const request = { InstanceId: instance, Filters: [after, ...Filters] };
    const { Commands = [] } = await session.ssm.send(new ListCommandsCommand(request));
    const { CommandInvocations = [] } = await session.ssm.send(new ListCommandInvocationsCommand(request));
    return [Commands, CommandInvocations].map((all) => all.map(({ CommandId = '' }) => CommandId).sort());
  };
  const both = (...ids: readonly string[]): readonly (readonly string[])[] => [ids.toSorted(), ids.toSorted()];
  expect(await filtered()).toEqual(both(failed, succeeded, going));
  expect(await filtered({ key: 'Status', value: 'Failed' })).toEqual(both(failed));
  expect(await filtered({ key: 'ExecutionStage', value: 'Executing' })).toEqual(both(going));
  expect(await filtered({ key: 'ExecutionStage', value: 'Complete' })).toEqual(both(failed, succeeded));
  expect(await filtered({ key: 'InvokedBefore', value: from })).toEqual(both());
  expect(await filtered({ key: 'DocumentName', value: 'AWS-RunShellScript' })).toEqual(both(failed, succeeded, going));
  expect(await filtered({ key: 'DocumentName', value: 'Other' })).toEqual(both());
  await expect(filtered({ key: 'Colour' as 'Status', value: 'red' })).rejects.toMatchObject({
    name: 'ValidationException',
  });
  await session.ssm.send(new CancelCommandCommand({ CommandId: going }));
  await session.result(instance, going);

  const pages: number[] = [];
  let token: string | undefined;
  do {
    const { Commands = [], NextToken } = await session.ssm.send(
      new ListCommandsCommand({ MaxResults: 2, ...(token !== undefined && { NextToken: token }) }),
    );
    pages.push(Commands.length);
    token = NextToken;
  } while (token !== undefined);
  expect({ full: new Set(pages.slice(0, -1)), isMore: pages.length > 2 }).toEqual({ full: new Set([2]), isMore: true });
});

test('A command to two instances fails when one of them does, and tells them apart.', async () => {
  const other = await session.launch(await session.baseImage());
  await session.online(other);
  await session.run(other, 'touch /var/other');
  const { Command } = await session.ssm.send(
    new SendCommandCommand({
      DocumentName: 'AWS-RunShellScript',
      InstanceIds: [instance, other],
      Parameters: { commands: ['ls /var/other'] },
    }),
  );
  const id = Command?.CommandId ?? '';
  expect(await session.result(instance, id)).toMatchObject({ Status: 'Failed', ResponseCode: 2 });
  expect(await session.result(other, id)).toMatchObject({ Status: 'Success', StandardOutputContent: '/var/other\n' });
  const { Commands } = await session.ssm.send(new ListCommandsCommand({ CommandId: id }));
  expect(Commands).toMatchObject([{ Status: 'Failed', TargetCount: 2, CompletedCount: 2, ErrorCount: 1 }]);
  await session.ec2.send(new TerminateInstancesCommand({ InstanceIds: [other] }));
});
