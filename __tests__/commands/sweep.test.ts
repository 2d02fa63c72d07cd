import { DescribeInstancesCommand, DescribeSnapshotsCommand, RunInstancesCommand } from '@aws-sdk/client-ec2';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MACHINE_ARCHITECTURE } from '../../sandbox/account.js';
import { startSandbox, type Sandbox } from '../../sandbox/start.js';
import { createClients } from '../../src/aws/clients.js';
import { createCloud } from '../../src/aws/create-cloud.js';
import { toTagList } from '../../src/aws/tag-list.js';
import type { Cloud } from '../../src/build/cloud.js';
import { imageTags, instanceTags, verdictTags, type Tags } from '../../src/images/tags.js';
import type { RunIdentity } from '../../src/run-identity.js';
import { typeIn } from '../cli/terminal.js';

const REGION = 'us-west-2';
const OTHER_REGION = 'eu-west-1';
const TYPE = MACHINE_ARCHITECTURE === 'arm64' ? 'm7g.large' : 'm7i.large';
const HOUR = 3_600_000;
const HASH = 'a'.repeat(64);

let directory: string;
let sandbox: Sandbox;
let cloud: Cloud;
beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'ami-sweep-'));
  sandbox = await startSandbox({
    directory: join(directory, 'sandbox'),
    delays: { instanceRunningMs: 20, imageAvailableMs: 50 },
  });
  delete process.env.AWS_PROFILE;
  Object.assign(process.env, sandbox.environment, { AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true' });
  cloud = createCloud(REGION, {});
});
afterEach(() => sandbox.control.reset());
afterAll(async () => {
  await sandbox.stop();
  rmSync(directory, { recursive: true });
});

const run = (id: string): RunIdentity => ({
  id,
  number: 1,
  attempt: 1,
  token: `token-${id}`,
  url: undefined,
  repository: undefined,
  scope: 'local',
  commit: undefined,
  ref: undefined,
  pullRequest: undefined,
  trust: 'main',
});

interface Launched {
  readonly runId?: string;
  /** From now. */
  readonly expiresInMs?: number;
  readonly role?: 'builder' | 'test';
  readonly layer?: string;
}

function tagsOf({ runId = '77', expiresInMs = HOUR, role = 'builder', layer = 'gromacs' }: Launched): Tags {
  return instanceTags({
    run: run(runId),
    layer,
    templateHash: HASH,
    architecture: MACHINE_ARCHITECTURE,
    role,
    baseAmi: 'ami-base',
    trust: 'main',
    now: Date.now(),
    expiresAt: Date.now() + expiresInMs,
    userTags: {},
  });
}

/** Returns its id when it runs. */
async function launchWith(tags: Tags, region = REGION): Promise<string> {
  const there = createCloud(region, {});
  const { imageId: ImageId } = await there.resolveBase({ kind: 'alias', alias: 'al2023' }, MACHINE_ARCHITECTURE);
  const { ec2 } = createClients(region, {});
  const { Instances } = await ec2.send(
    new RunInstancesCommand({
      ImageId,
      InstanceType: TYPE,
      MinCount: 1,
      MaxCount: 1,
      TagSpecifications: [{ ResourceType: 'instance', Tags: toTagList(tags) }],
    }),
  );
  const instanceId = Instances?.[0]?.InstanceId ?? '';
  const request = new DescribeInstancesCommand({ Filters: [{ Name: 'instance-id', Values: [instanceId] }] });
  await reach(async () => (await ec2.send(request)).Reservations?.[0]?.Instances?.[0]?.State?.Name, 'running');
  return instanceId;
}

const launch = (launched: Launched = {}): Promise<string> => launchWith(tagsOf(launched));

/** An image in the middle of its build; returns it when EC2 is through with it. */
async function makeImage(builder: string, name: string): Promise<string> {
  const imageId = await cloud.createImage({
    instanceId: builder,
    name,
    description: name,
    tags: imageTags({
      run: run('77'),
      layer: 'gromacs',
      version: undefined,
      architecture: MACHINE_ARCHITECTURE,
      templateHash: HASH,
      validationHash: 'v',
      inputs: '',
      templatePath: 'templates/gromacs.yaml',
      dataMounts: [],
      parentLayer: undefined,
      baseAmi: 'ami-base',
      root: { imageId: 'ami-base', reference: 'al2023' },
      trust: 'main',
      depth: 0,
      reason: 'no image',
      buildSeconds: 1,
      buildCostUsd: undefined,
      created: new Date().toISOString(),
      displayName: 'gromacs',
      userTags: {},
    }),
  });
  await reach(async () => String(['available', 'failed'].includes((await imageState(imageId)) ?? '')), 'true');
  return imageId;
}

async function imageState(imageId: string): Promise<string | undefined> {
  return (await cloud.listImages()).find((one) => one.imageId === imageId)?.state;
}

async function statesOf(ids: readonly string[]): Promise<Readonly<Record<string, string>>> {
  const { Reservations } = await createClients(REGION, {}).ec2.send(
    new DescribeInstancesCommand({ Filters: [{ Name: 'instance-id', Values: [...ids] }] }),
  );
  const instances = (Reservations ?? []).flatMap(({ Instances = [] }) => Instances);
  return Object.fromEntries(instances.map(({ InstanceId = '', State }) => [InstanceId, State?.Name ?? '']));
}

async function ownSnapshots(): Promise<number> {
  const { Snapshots } = await createClients(REGION, {}).ec2.send(new DescribeSnapshotsCommand({ OwnerIds: ['self'] }));
  return Snapshots?.length ?? 0;
}

async function reach(ask: () => Promise<string | undefined>, wanted: string): Promise<void> {
  const deadline = Date.now() + 120_000;
  while ((await ask()) !== wanted) {
    if (Date.now() > deadline) throw new Error(`${wanted} was not reached`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

interface SweepJson {
  readonly result: string;
  readonly items: readonly { readonly id: string; readonly result: string; readonly why: string }[];
  readonly leftovers: readonly unknown[];
}

/** `ami-layers sweep --json` in the Region: result, exit status, and every item as `id: result, why`. */
async function sweep(...args: readonly string[]) {
  const { status, out, err } = await typeIn(directory, 'sweep', '--json', '--region', REGION, ...args);
  expect(err).toBe('');
  const { result, items, leftovers } = JSON.parse(out) as SweepJson;
  return {
    status,
    result,
    items: Object.fromEntries(items.map((one) => [one.id, `${one.result}, ${one.why}`])),
    leftovers,
  };
}

describe('sweep', () => {
  test('ends what is past its time and keeps what is not', async () => {
    const expired = await launch({ expiresInMs: -2.5 * HOUR });
    const expiredTest = await launch({ expiresInMs: -HOUR, role: 'test' });
    const fresh = await launch({ expiresInMs: 3.5 * HOUR });
    expect(await sweep()).toEqual({
      status: 0,
      result: 'success',
      items: {
        [expired]: 'ended, expired 2 h ago',
        [expiredTest]: 'ended, expired 1 h ago',
        [fresh]: 'kept, expires in 3 h',
      },
      leftovers: [],
    });
    for (const id of [expired, expiredTest]) await reach(async () => (await statesOf([id]))[id], 'terminated');
    expect(await statesOf([fresh])).toEqual({ [fresh]: 'running' });
  });

  test('never touches what is not this tool’s, or of another format, whatever it is asked', async () => {
    const { 'ami-layers:managed': _managed, ...unmanaged } = tagsOf({ expiresInMs: -HOUR });
    const others = [
      await launchWith({ Name: 'web', ...unmanaged }),
      await launchWith({ ...tagsOf({ expiresInMs: -HOUR }), 'ami-layers:managed': 'false' }),
      await launchWith({ ...tagsOf({ expiresInMs: -HOUR }), 'ami-layers:format': '2' }),
    ];
    expect(await sweep('--run', '77', '--older-than', '1s')).toEqual({
      status: 0,
      result: 'nothing-to-do',
      items: {},
      leftovers: [],
    });
    expect(await statesOf(others)).toEqual(Object.fromEntries(others.map((id) => [id, 'running'])));
  });

  test('with --run ends that run’s instances too, with --older-than the old ones', async () => {
    const ours = await launch({ runId: '4711', expiresInMs: 1.5 * HOUR });
    const theirs = await launch({ runId: '4712', expiresInMs: 1.5 * HOUR });
    expect(await sweep('--run', '4711', '--older-than', '1d')).toMatchObject({
      items: { [ours]: 'ended, of run 4711', [theirs]: 'kept, expires in 1 h' },
    });
    await reach(async () => (await statesOf([ours]))[ours], 'terminated');
    const [{ launchedAt } = { launchedAt: 0 }] = await cloud.listInstances();
    await reach(async () => String(Date.now() - launchedAt > 1_000), 'true');
    expect((await sweep('--older-than', '1s')).items[theirs]).toMatch(/^ended, launched \d+ [sm] ago$/);
  });

  test('with --dry-run changes nothing', async () => {
    const expired = await launch({ expiresInMs: -2.5 * HOUR });
    const before = (await sandbox.control.journal()).length;
    expect(await sweep('--dry-run')).toMatchObject({
      status: 0,
      result: 'success',
      items: { [expired]: 'would-end, expired 2 h ago' },
    });
    const calls = (await sandbox.control.journal()).slice(before).map(({ operation }) => operation);
    expect(calls).toEqual(['DescribeInstances', 'DescribeImages']);
    expect(await statesOf([expired])).toEqual({ [expired]: 'running' });
  });

  test('deregisters an image that EC2 could not make, with its snapshot, and keeps half-made and finished ones', async () => {
    const builder = await launch({ expiresInMs: 1.5 * HOUR });
    await sandbox.control.addFault({ kind: 'image-failure', call: 1, reason: 'Client.VolumeLimitExceeded' });
    const failed = await makeImage(builder, 'gromacs-x86_64-failed');
    await sandbox.control.clearFaults();
    const second = await launch({ expiresInMs: 1.5 * HOUR });
    const halfMade = await makeImage(second, 'gromacs-x86_64-half');
    const third = await launch({ expiresInMs: 1.5 * HOUR });
    const finished = await makeImage(third, 'gromacs-x86_64-finished');
    await cloud.tag([finished], verdictTags('validated', 'v', { commandId: 'c', instanceId: 'i' }));
    expect([await imageState(failed), await ownSnapshots()]).toEqual(['failed', 3]);

    const { items, ...rest } = await sweep();
    expect(rest).toEqual({ status: 0, result: 'success', leftovers: [] });
    expect(items).toEqual({
      [failed]: 'ended, EC2 could not make it (failed: Client.VolumeLimitExceeded)',
      [halfMade]: 'kept, the next build goes on with it',
      [builder]: 'kept, expires in 1 h',
      [second]: 'kept, expires in 1 h',
      [third]: 'kept, expires in 1 h',
    });
    expect((await cloud.listImages()).map(({ imageId }) => imageId).sort()).toEqual([halfMade, finished].sort());
    expect(await ownSnapshots()).toBe(2);
  });

  test('says what it could not end, ends the rest, and exits 1', async () => {
    const [first, second] = [await launch({ expiresInMs: -HOUR }), await launch({ expiresInMs: -HOUR })];
    const message = 'The instance may not be terminated.';
    const refused = { kind: 'error', operation: 'TerminateInstances', code: 'OperationNotPermitted', message } as const;
    // The request for both, and then that for the first of them.
    await sandbox.control.addFault({ ...refused, call: 1, status: 400 });
    await sandbox.control.addFault({ ...refused, call: 2, status: 400 });
    const swept = await sweep();
    await sandbox.control.clearFaults();
    expect(swept).toMatchObject({ status: 1, result: 'failure' });
    const [left] = swept.leftovers as { id: string }[];
    const ended = left!.id === first ? second : first;
    expect(swept.leftovers).toEqual([
      {
        kind: 'instance',
        id: left!.id,
        region: REGION,
        why:
          `TerminateInstances: ${message} (OperationNotPermitted). ` +
          'Fix: see the message from AWS; run it again when it is solved: finished layers are reused.',
      },
    ]);
    expect(swept.items).toEqual({ [left!.id]: 'left, expired 1 h ago', [ended]: 'ended, expired 1 h ago' });
    await reach(async () => (await statesOf([ended]))[ended], 'terminated');
    expect(await statesOf([left!.id])).toEqual({ [left!.id]: 'running' });
  });

  test('goes through several Regions, and prints a table', async () => {
    const abroad = await launchWith(tagsOf({ expiresInMs: -HOUR, layer: 'namd' }), OTHER_REGION);
    const { status, out, err } = await typeIn(directory, 'sweep', '--region', REGION, '--region', OTHER_REGION);
    expect({ status, out: out.replace(/ \d+ [sm] /, ' 0 s ').replaceAll(/ {2,}/g, '  '), err }).toEqual({
      status: 0,
      out:
        // Times set the widths of columns.
        `RESULT  WHAT  ID  REGION  LAYER  RUN  AGE  WHY\n` +
        `ended  builder  ${abroad}  eu-west-1  namd  77  0 s  expired 1 h ago\n\n` +
        '1 ended.',
      err: '',
    });
  });

  test('with a Region that refuses says so with a fix and exits 1', async () => {
    const message = 'You are not authorized to perform this operation.';
    const code = 'UnauthorizedOperation';
    await sandbox.control.addFault({
      kind: 'error',
      operation: 'DescribeInstances',
      call: 'every',
      code,
      message,
      status: 403,
    });
    const { status, out, err } = await typeIn(directory, 'sweep', '--region', REGION);
    await sandbox.control.clearFaults();
    expect({ status, out, err }).toEqual({
      status: 1,
      out:
        `⚠️ us-west-2 was not swept: DescribeInstances: ${message} (UnauthorizedOperation). ` +
        'Fix: give the role the permission that the message names (docs/permissions.md lists all of them).\n\n' +
        'Nothing was swept.',
      err: '',
    });
  });
});
