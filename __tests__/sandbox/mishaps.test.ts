import {
  DescribeInstancesCommand,
  DescribeInstanceStatusCommand,
  DescribeSnapshotsCommand,
  RunInstancesCommand,
  StartInstancesCommand,
  StopInstancesCommand,
  type Instance,
  type RunInstancesRequest,
} from '@aws-sdk/client-ec2';
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { startSandbox, type Sandbox } from '../../sandbox/start.js';
import { openSession, until } from './support/session.js';

const ONE_TIME_SPOT: Partial<RunInstancesRequest> = { InstanceMarketOptions: { MarketType: 'spot' } };
const PERSISTENT_SPOT: Partial<RunInstancesRequest> = {
  InstanceMarketOptions: {
    MarketType: 'spot',
    SpotOptions: { SpotInstanceType: 'persistent', InstanceInterruptionBehavior: 'stop' },
  },
};

let directory: string;
let sandbox: Sandbox;
let session: ReturnType<typeof openSession>;
let base: string;

beforeAll(async () => {
  directory = mkdtempSync(path.join(tmpdir(), 'ami-sandbox-'));
  sandbox = await startSandbox({ directory });
  session = openSession(sandbox);
  base = await session.baseImage();
});

afterEach(async () => {
  await sandbox.control.reset();
});

afterAll(async () => {
  await sandbox.stop();
  rmSync(directory, { recursive: true });
});

async function described(id: string): Promise<Instance> {
  const { Reservations } = await session.ec2.send(new DescribeInstancesCommand({ InstanceIds: [id] }));
  return Reservations?.[0]?.Instances?.[0] ?? {};
}

async function launched(extra: Partial<RunInstancesRequest> = {}): Promise<string> {
  const id = await session.launch(base, extra);
  await session.online(id);
  return id;
}

async function begun(id: string, command: string): Promise<void> {
  await until(async () => (await session.invocation(id, command)).Status === 'InProgress' || undefined, 'the start');
}

test('A command whose instance dies stays InProgress, and is DeliveryTimedOut when both of its time-outs are over.', async () => {
  const id = await launched();
  const after = { call: 1, afterMs: 300_000 } as const;
  const mishap = { kind: 'death', then: 'terminated' } as const;
  await sandbox.control.addFault({ kind: 'mishap', on: 'command', ...after, mishap });
  const command = await session.send(id, ['echo begun; sleep 4341'], '600');
  await begun(id, command);
  await sandbox.control.advance(300_000);
  await session.reach(id, 'terminated');
  expect((await described(id)).StateReason?.Code).toBe('Server.InternalError');
  expect(await session.invocation(id, command)).toMatchObject({ Status: 'InProgress', StandardOutputContent: '' });
  await sandbox.control.advance(4_200_000);
  expect(await session.invocation(id, command)).toMatchObject({ StatusDetails: 'DeliveryTimedOut', ResponseCode: -1 });
});

test('An instance that hangs is called running, fails its status check, and can be terminated.', async () => {
  const id = await launched();
  const command = await session.send(id, ['sleep 4342']);
  await begun(id, command);
  await sandbox.control.befall(id, { kind: 'death', then: 'hung' });
  const impaired = await until(async () => {
    const { InstanceStatuses } = await session.ec2.send(new DescribeInstanceStatusCommand({ InstanceIds: [id] }));
    return InstanceStatuses?.[0]?.InstanceStatus?.Status === 'impaired' ? InstanceStatuses[0] : undefined;
  }, 'the status check to fail');
  expect(impaired.InstanceState?.Name).toBe('running');
  expect(await session.invocation(id, command)).toMatchObject({ Status: 'InProgress' });
  await sandbox.control.reset();
  expect(await sandbox.control.leftovers()).toEqual({ instances: [], images: [], volumes: [] });
});

test('An instance that reboots by itself comes back, and has failed its command.', async () => {
  const id = await launched();
  const before = await session.pinged(id);
  const command = await session.send(id, ['echo begun; sleep 4343']);
  await begun(id, command);
  await sandbox.control.befall(id, { kind: 'death', then: 'rebooted' });
  await session.online(id, before);
  expect(await session.result(id, command)).toMatchObject({
    Status: 'Failed',
    ResponseCode: 1,
    StandardErrorContent: 'document process failed unexpectedly: the machine went down',
  });
});

test('An agent that restarts loses its command, not what the script goes on doing, and is back after 90 seconds.', async () => {
  const id = await launched();
  const command = await session.send(id, [
    'until [ -e /var/may-end ]; do sleep 0.02; done; echo survived >/var/survived',
  ]);
  await begun(id, command);
  const before = await session.pinged(id);
  await sandbox.control.befall(id, { kind: 'agent-restart' });
  expect(await session.invocation(id, command)).toMatchObject({ Status: 'InProgress' });
  expect(await session.pinged(id)).toBe(before);
  await sandbox.control.advance(90_000);
  expect(await session.result(id, command)).toMatchObject({
    Status: 'Failed',
    StandardErrorContent: 'document process failed unexpectedly: the agent was restarted',
  });
  await session.run(id, 'touch /var/may-end');
  const survived = await until(async () => {
    const { StandardOutputContent } = await session.run(id, 'cat /var/survived 2>/dev/null');
    return StandardOutputContent === '' ? undefined : StandardOutputContent;
  }, 'the script to end');
  expect(survived).toBe('survived\n');
});

test('A Spot Instance is terminated two minutes after the notice.', async () => {
  await sandbox.control.addFault({
    kind: 'mishap',
    on: 'spot-launch',
    call: 1,
    afterMs: 600_000,
    mishap: { kind: 'spot-interruption' },
  });
  const id = await launched(ONE_TIME_SPOT);
  expect(await described(id)).toMatchObject({ InstanceLifecycle: 'spot' });
  expect((await described(id)).SpotInstanceRequestId).toMatch(/^sir-[0-9a-f]{8}$/);
  await sandbox.control.advance(660_000);
  expect(await session.stateOf(id)).toBe('running');
  await sandbox.control.advance(60_000);
  await session.reach(id, 'terminated');
  expect(await described(id)).toMatchObject({
    StateReason: { Code: 'Server.SpotInstanceTermination' },
    StateTransitionReason: 'Server.SpotInstanceTermination',
  });
});

test('A one-time Spot Instance cannot be stopped; a persistent one can, and an interruption stops it.', async () => {
  const [oneTime, persistent] = await Promise.all([launched(ONE_TIME_SPOT), launched(PERSISTENT_SPOT)]);
  await expect(
    session.ec2.send(new StopInstancesCommand({ InstanceIds: [oneTime, persistent] })),
  ).rejects.toMatchObject({
    name: 'UnsupportedOperation',
    message:
      `You can't stop the Spot Instance '${oneTime}' because it is associated with a one-time Spot Instance request. ` +
      'You can only stop Spot Instances associated with persistent Spot Instance requests.',
  });
  await session.ec2.send(new StopInstancesCommand({ InstanceIds: [persistent] }));
  await session.reach(persistent, 'stopped');
  await session.ec2.send(new StartInstancesCommand({ InstanceIds: [persistent] }));
  await session.reach(persistent, 'running');
  await sandbox.control.befall(persistent, { kind: 'spot-interruption', noticeMs: 0 });
  await session.reach(persistent, 'stopped');
  expect((await described(persistent)).StateReason?.Code).toBe('Server.SpotInstanceShutdown');
});

test('Spot options that do not go together are refused, and Spot capacity may be missing alone.', async () => {
  const wrong = { SpotInstanceType: 'persistent', InstanceInterruptionBehavior: 'terminate' } as const;
  const market = { MarketType: 'spot', SpotOptions: wrong } as const;
  await expect(session.launch(base, { InstanceMarketOptions: market })).rejects.toMatchObject({
    name: 'InvalidParameterCombination',
  });
  await sandbox.control.addFault({ kind: 'capacity', market: 'spot' });
  await expect(session.launch(base, ONE_TIME_SPOT)).rejects.toMatchObject({ name: 'InsufficientInstanceCapacity' });
  expect(await session.launch(base)).toMatch(/^i-/);
});

test('what cannot befall an instance is said', async () => {
  const id = await launched();
  await expect(sandbox.control.befall(id, { kind: 'spot-interruption' })).rejects.toThrow(
    `the sandbox answered 400 to befall: ${id} is not a Spot Instance`,
  );
  await expect(sandbox.control.befall('i-0123456789abcdef0', { kind: 'agent-restart' })).rejects.toThrow(
    'i-0123456789abcdef0 is not running',
  );
});

test('A slow snapshot keeps its image pending.', async () => {
  await sandbox.control.addFault({ kind: 'slow-image', call: 1, ms: 7_200_000 });
  const id = await launched();
  const making = session.createImage({ InstanceId: id, Name: 'slow' });
  await until(async () => (await sandbox.control.leftovers()).images[0], 'the image');
  await sandbox.control.advance(7_000_000);
  expect((await sandbox.control.leftovers()).images).toMatchObject([{ state: 'pending' }]);
  const { Snapshots } = await session.ec2.send(new DescribeSnapshotsCommand({ OwnerIds: ['self'] }));
  expect(Snapshots).toMatchObject([{ State: 'pending', Progress: '97%' }]);
  await sandbox.control.advance(200_000);
  expect(await making).toMatch(/^ami-/);
});

test('A slow answer comes late, and the call has taken effect at once.', async () => {
  await sandbox.control.addFault({ kind: 'slow-answer', operation: 'RunInstances', call: 1, ms: 3_600_000 });
  const answered = session.ec2.send(new RunInstancesCommand({ ImageId: base, MinCount: 1, MaxCount: 1 }));
  await until(async () => (await sandbox.control.instances())[0], 'the launch');
  await sandbox.control.advance(3_600_000);
  expect((await answered).Instances).toHaveLength(1);
});
