import {
  CreateImageCommand,
  CreateTagsCommand,
  DeleteSnapshotCommand,
  DeleteTagsCommand,
  DeregisterImageCommand,
  DescribeImagesCommand,
  DescribeInstancesCommand,
  DescribeSnapshotsCommand,
  DescribeSubnetsCommand,
  DescribeTagsCommand,
  GetConsoleOutputCommand,
  RebootInstancesCommand,
  RunInstancesCommand,
  StartInstancesCommand,
  StopInstancesCommand,
  TerminateInstancesCommand,
} from '@aws-sdk/client-ec2';
import { AssumeRoleWithWebIdentityCommand, GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { startSandbox, type Sandbox } from '../../sandbox/start.js';
import { openSession, until } from './support/session.js';

let directory: string;
let sandbox: Sandbox;
let session: ReturnType<typeof openSession>;
let base: string;

beforeAll(async () => {
  directory = mkdtempSync(path.join(tmpdir(), 'ami-sandbox-'));
  // Long enough to be seen pending, short enough not to be waited for.
  const delays = { instanceVisibleMs: 60, instanceRunningMs: 120, agentOnlineMs: 30, imageAvailableMs: 100 };
  sandbox = await startSandbox({ directory, delays });
  session = openSession(sandbox);
  base = await session.baseImage();
});

afterAll(async () => {
  await sandbox.stop();
  rmSync(directory, { recursive: true });
});

const script = (text: string): string => Buffer.from(`#!/bin/sh\n${text}\n`).toString('base64');

test('a fresh id is unknown for a moment, then pending, then running', async () => {
  const { ec2, launch, stateOf, reach } = session;
  const id = await launch(base);
  await expect(stateOf(id)).rejects.toMatchObject({
    name: 'InvalidInstanceID.NotFound',
    message: `The instance ID '${id}' does not exist`,
  });
  expect(await until(() => stateOf(id), 'the id to be known')).toBe('pending');
  await reach(id, 'running');
  await ec2.send(new TerminateInstancesCommand({ InstanceIds: [id] }));
  await reach(id, 'terminated');
});

test('a client token makes a launch happen once in its zone, and refuses another request', async () => {
  const { ec2, launch } = session;
  const id = await launch(base, { ClientToken: 'token-1' });
  expect(await launch(base, { ClientToken: 'token-1' })).toBe(id);
  await expect(launch(base, { ClientToken: 'token-1', MaxCount: 2 })).rejects.toMatchObject({
    name: 'IdempotentParameterMismatch',
  });
  const { Subnets = [] } = await ec2.send(new DescribeSubnetsCommand({}));
  const inSubnets = await Promise.all(
    Subnets.map(({ SubnetId = '' }) => launch(base, { ClientToken: 'token-1', SubnetId })),
  );
  expect(new Set([id, ...inSubnets]).size).toBe(4);
  await until(async () => (await session.stateOf(id)) || undefined, 'the first to be known');
  await ec2.send(new TerminateInstancesCommand({ InstanceIds: [id] }));
  await session.reach(id, 'terminated');
  expect(await launch(base, { ClientToken: 'token-1' })).toBe(id);
  await sandbox.control.reset();
});

test('user data runs once, before the agent is online, and stays where cloud-init leaves it', async () => {
  const { ec2, launch, online, run, reach } = session;
  const id = await launch(base, { UserData: script('echo run >>/var/user-data-runs; echo on the console') });
  await online(id);
  const before = Date.now();
  await ec2.send(new RebootInstancesCommand({ InstanceIds: [id] }));
  await online(id, before);
  const { StandardOutputContent } = await run(id, 'cat /var/user-data-runs; ls /var/lib/cloud/instances/*/scripts');
  expect(StandardOutputContent).toBe('run\npart-001\n');
  const { Output = '' } = await ec2.send(new GetConsoleOutputCommand({ InstanceId: id }));
  expect(Buffer.from(Output, 'base64').toString()).toBe('on the console\nuser data ended with exit code 0\n');
  await ec2.send(new TerminateInstancesCommand({ InstanceIds: [id] }));
  await reach(id, 'terminated');
});

test('after a reboot the agent still looks online for a while, with the old ping', async () => {
  const { ec2, launch, online, pinged } = session;
  const id = await launch(base);
  await online(id);
  const before = await pinged(id);
  await ec2.send(new RebootInstancesCommand({ InstanceIds: [id] }));
  expect(await pinged(id)).toBe(before);
  await online(id, before);
  await ec2.send(new TerminateInstancesCommand({ InstanceIds: [id] }));
});

test('a shutdown from inside ends the instance as its launch said', async () => {
  const { launch, reach, ec2 } = session;
  const doomed = await launch(base, {
    InstanceInitiatedShutdownBehavior: 'terminate',
    UserData: script('shutdown -h now'),
  });
  const resting = await launch(base, { InstanceInitiatedShutdownBehavior: 'stop', UserData: script('poweroff') });
  await reach(doomed, 'terminated');
  await reach(resting, 'stopped');
  const { Reservations } = await ec2.send(new DescribeInstancesCommand({ InstanceIds: [doomed] }));
  expect(Reservations?.[0]?.Instances?.[0]?.StateReason?.Code).toBe('Client.InstanceInitiatedShutdown');
  await ec2.send(new TerminateInstancesCommand({ InstanceIds: [resting] }));
});

test('a shutdown in an hour changes nothing now, and a stop keeps what was written', async () => {
  const { ec2, launch, online, reach, run, stateOf } = session;
  const id = await launch(base, { InstanceInitiatedShutdownBehavior: 'terminate' });
  await online(id);
  expect(await run(id, 'shutdown -h +60; echo kept >/var/kept')).toMatchObject({ ResponseCode: 0 });
  expect(await stateOf(id)).toBe('running');
  await ec2.send(new StopInstancesCommand({ InstanceIds: [id] }));
  await reach(id, 'stopped');
  const before = Date.now();
  await ec2.send(new StartInstancesCommand({ InstanceIds: [id] }));
  await online(id, before);
  expect((await run(id, 'cat /var/kept; ls /run/initctl')).StandardOutputContent).toBe('kept\n/run/initctl\n');
  await ec2.send(new TerminateInstancesCommand({ InstanceIds: [id] }));
});

test('an image of a running instance reboots it, unless NoReboot says not to', async () => {
  const { launch, online, run, createImage } = session;
  const id = await launch(base);
  await online(id);
  const bootId = async (): Promise<string | undefined> =>
    (await run(id, 'cat /proc/sys/kernel/random/boot_id')).StandardOutputContent;
  const first = await bootId();
  await run(id, 'echo one >/var/one');
  const live = await createImage({ InstanceId: id, Name: 'live', NoReboot: true });
  expect(await bootId()).toBe(first);
  await run(id, 'echo two >/var/two');
  const before = Date.now();
  const rested = await createImage({ InstanceId: id, Name: 'rested' });
  await online(id, before);
  expect(await bootId()).not.toBe(first);
  const fromLive = await launch(live);
  const fromRested = await launch(rested);
  await Promise.all([online(fromLive), online(fromRested)]);
  expect((await run(fromLive, 'cat /var/one /var/two')).StandardOutputContent).toBe('one\n');
  expect((await run(fromRested, 'cat /var/one /var/two')).StandardOutputContent).toBe('one\ntwo\n');
  expect((await run(id, 'cat /var/one /var/two')).StandardOutputContent).toBe('one\ntwo\n');
  await sandbox.control.reset();
});

test('an image has a unique name, its tags and its snapshots tags, and is found by them', async () => {
  const { ec2, launch, online, reach, createImage } = session;
  const id = await launch(base);
  await online(id);
  await ec2.send(new StopInstancesCommand({ InstanceIds: [id] }));
  await reach(id, 'stopped');
  const tags = [{ Key: 'ami-layers:layer', Value: 'a/b [1]' }];
  const request = {
    InstanceId: id,
    Name: 'named',
    TagSpecifications: [
      { ResourceType: 'image' as const, Tags: tags },
      { ResourceType: 'snapshot' as const, Tags: tags },
    ],
  };
  const image = await createImage(request);
  await expect(ec2.send(new CreateImageCommand(request))).rejects.toMatchObject({
    name: 'InvalidAMIName.Duplicate',
    message: `AMI name named is already in use by AMI ${image}`,
  });
  await expect(ec2.send(new CreateImageCommand({ ...request, Name: 'a+b' }))).rejects.toMatchObject({
    name: 'InvalidAMIName.Malformed',
  });
  const find = async (filter: string, value: string): Promise<(string | undefined)[] | undefined> => {
    const Filters = [{ Name: filter, Values: [value] }];
    const { Images } = await ec2.send(new DescribeImagesCommand({ Owners: ['self'], Filters }));
    return Images?.map(({ ImageId }) => ImageId);
  };
  expect(await find('tag:ami-layers:layer', 'a/? [1]')).toEqual([image]);
  expect(await find('tag:ami-layers:layer', 'a*1')).toEqual([]);
  expect(await find('tag-key', 'ami-layers:*')).toEqual([image]);
  expect(await find('name', 'NAMED')).toEqual([]);

  await ec2.send(new CreateTagsCommand({ Resources: [image], Tags: [{ Key: 'latest', Value: 'true' }] }));
  await ec2.send(new DeleteTagsCommand({ Resources: [image], Tags: [{ Key: 'ami-layers:layer', Value: 'other' }] }));
  const { Tags } = await ec2.send(new DescribeTagsCommand({ Filters: [{ Name: 'resource-id', Values: [image] }] }));
  expect(Tags?.map(({ Key, Value }) => `${Key}=${Value}`)).toEqual(['ami-layers:layer=a/b [1]', 'latest=true']);

  const { Snapshots } = await ec2.send(new DescribeSnapshotsCommand({ OwnerIds: ['self'] }));
  const [snapshot] = Snapshots ?? [];
  expect(snapshot).toMatchObject({ Description: `Created by CreateImage(${id}) for ${image}`, Tags: tags });
  await expect(ec2.send(new DeleteSnapshotCommand({ SnapshotId: snapshot?.SnapshotId }))).rejects.toMatchObject({
    name: 'InvalidSnapshot.InUse',
  });
  const child = await launch(image);
  await online(child);
  const gone = await ec2.send(new DeregisterImageCommand({ ImageId: image, DeleteAssociatedSnapshots: true }));
  expect(gone.DeleteSnapshotResults).toEqual([{ SnapshotId: snapshot?.SnapshotId, ReturnCode: 'success' }]);
  await ec2.send(new StopInstancesCommand({ InstanceIds: [child] }));
  await reach(child, 'stopped');
  await ec2.send(new StartInstancesCommand({ InstanceIds: [child] }));
  await online(child, Date.now());
  await expect(launch(image)).rejects.toMatchObject({ name: 'InvalidAMIID.NotFound' });
  await sandbox.control.reset();
});

test('Regions do not see each other', async () => {
  const { launch, reach } = session;
  const id = await launch(base);
  await reach(id, 'running');
  const elsewhere = openSession(sandbox, 'eu-central-1');
  await expect(elsewhere.stateOf(id)).rejects.toMatchObject({ name: 'InvalidInstanceID.NotFound' });
  expect(await elsewhere.baseImage()).not.toBe(base);
  await sandbox.control.reset();
});

test('faults happen when they were ordered, and every call is in the journal', async () => {
  const { ec2, launch } = session;
  const { control } = sandbox;
  const calls = (await control.journal()).length;
  const throttled = { code: 'RequestLimitExceeded', message: 'Request limit exceeded.', status: 503 };
  await control.addFault({ kind: 'error', operation: 'DescribeImages', call: 1, ...throttled });
  await ec2.send(new DescribeImagesCommand({ Owners: ['self'] }));
  await control.addFault({ kind: 'drop-connection', operation: 'RunInstances', call: 1, when: 'after' });
  await launch(base, { ClientToken: 'dropped' });
  await control.addFault({ kind: 'capacity', instanceType: 'c7i.large' });
  await expect(launch(base, { InstanceType: 'c7i.large' })).rejects.toMatchObject({
    name: 'InsufficientInstanceCapacity',
  });
  const entries = (await control.journal(calls)).map(({ operation, result }) => `${operation} ${result}`);
  expect(entries).toEqual([
    'DescribeImages RequestLimitExceeded',
    'DescribeImages OK',
    'RunInstances connection dropped after the effect',
    'RunInstances OK',
    ...Array<string>(3).fill('RunInstances InsufficientInstanceCapacity'),
  ]);
  expect((await control.instances()).filter(({ state }) => state !== 'terminated')).toHaveLength(1);
  await control.reset();
});

test('a failed image is a leftover with a reason, and keeps its name', async () => {
  const { ec2, launch, reach, createImage } = session;
  await sandbox.control.addFault({ kind: 'image-failure', call: 1, reason: 'Client.InternalError: no luck' });
  const id = await launch(base);
  await reach(id, 'running');
  const image = await createImage({ InstanceId: id, Name: 'unlucky' });
  const { Images } = await ec2.send(new DescribeImagesCommand({ ImageIds: [image] }));
  expect(Images?.[0]).toMatchObject({ State: 'failed', StateReason: { Message: 'Client.InternalError: no luck' } });
  await expect(launch(image)).rejects.toMatchObject({ name: 'InvalidAMIID.Unavailable' });
  await expect(createImage({ InstanceId: id, Name: 'unlucky' })).rejects.toMatchObject({
    name: 'InvalidAMIName.Duplicate',
  });
  expect((await sandbox.control.leftovers()).images).toEqual([{ id: image, region: 'us-west-2', state: 'failed' }]);
  await sandbox.control.reset();
});

test('dry runs change nothing, and what AWS would refuse is refused with its code', async () => {
  const { ec2, launch } = session;
  const refused = async (request: Promise<unknown>): Promise<string> =>
    request.then(
      () => 'accepted',
      (error: unknown) => (error instanceof Error ? error.name : String(error)),
    );
  expect({
    dryRun: await refused(launch(base, { DryRun: true })),
    noImage: await refused(launch('ami-0123456789abcdef0')),
    malformedImage: await refused(launch('ami-xyz')),
    type: await refused(launch(base, { InstanceType: 'z9.huge' as 'm5.large' })),
    subnet: await refused(launch(base, { SubnetId: 'subnet-0123456789abcdef0' })),
    group: await refused(launch(base, { SecurityGroupIds: ['sg-0123456789abcdef0'] })),
    userData: await refused(launch(base, { UserData: Buffer.alloc(17_000).toString('base64') })),
    tag: await refused(launch(base, { TagSpecifications: [{ ResourceType: 'image', Tags: [] }] })),
    malformedInstance: await refused(ec2.send(new TerminateInstancesCommand({ InstanceIds: ['i-xyz'] }))),
    filter: await refused(ec2.send(new DescribeInstancesCommand({ Filters: [{ Name: 'colour', Values: ['x'] }] }))),
    values: await refused(
      ec2.send(
        new DescribeImagesCommand({
          Filters: [{ Name: 'name', Values: Array.from({ length: 201 }, (_, n) => `n${n}`) }],
        }),
      ),
    ),
    count: await refused(
      ec2.send(new RunInstancesCommand({ ImageId: base, InstanceType: 'm5.large', MinCount: 2, MaxCount: 1 })),
    ),
  }).toEqual({
    dryRun: 'DryRunOperation',
    noImage: 'InvalidAMIID.NotFound',
    malformedImage: 'InvalidAMIID.Malformed',
    type: 'InvalidParameterValue',
    subnet: 'InvalidSubnetID.NotFound',
    group: 'InvalidGroup.NotFound',
    userData: 'InvalidParameterValue',
    tag: 'InvalidParameterValue',
    malformedInstance: 'InvalidInstanceID.Malformed',
    filter: 'InvalidParameterValue',
    values: 'FilterLimitExceeded',
    count: 'InvalidParameterValue',
  });
  expect(await sandbox.control.leftovers()).toEqual({ instances: [], images: [] });
});

test('STS knows who calls, and gives credentials for a web identity', async () => {
  const credentials = { accessKeyId: 'AKIATEST', secretAccessKey: 'test' };
  const sts = new STSClient({ endpoint: sandbox.endpoint, region: 'us-west-2', credentials });
  expect((await sts.send(new GetCallerIdentityCommand({}))).Account).toBe('123456789012');
  const { Credentials } = await sts.send(
    new AssumeRoleWithWebIdentityCommand({
      RoleArn: 'arn:aws:iam::123456789012:role/builder',
      RoleSessionName: 'run-1',
      WebIdentityToken: 'token',
      DurationSeconds: 900,
    }),
  );
  const minutes = ((Credentials?.Expiration?.getTime() ?? 0) - Date.now()) / 60_000;
  expect(Math.round(minutes)).toBe(15);
});
