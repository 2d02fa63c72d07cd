import { CreateTagsCommand, RunInstancesCommand, StopInstancesCommand } from '@aws-sdk/client-ec2';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { createCloud } from '../../src/aws/create-cloud.js';
import type { BuildEvent } from '../../src/build/events.js';
import { createFleet } from '../../src/build/fleet.js';
import type { ImageRecord } from '../../src/images/image-record.js';
import { TAG_PREFIX } from '../../src/images/tags.js';
import { systemClock } from '../../src/lib/clock.js';
import { EXIT_CODES, resultOf } from '../../src/report/result.js';
import { SCOPE } from '../policies/role.js';
import { callsOf, changes } from './journal.js';
import { makeLatch, type Latch } from './latch.js';
import { outcomes, outputOf } from './outcomes.js';
import { openRig, REGION, type Project, type Rig } from './rig.js';

let rig: Rig;
beforeAll(async () => {
  rig = await openRig();
});
afterAll(() => rig.close());

/** Opened when the second step may go on. */
let second: Latch;
beforeEach(async () => {
  await rig.sandbox.control.reset();
  second = await makeLatch();
});
afterEach(() => second.close());

function longProject(): Project {
  return rig.project({
    'templates/tool.yaml': `
provision:
  - {name: first, run: 'echo first $(date +%s%N) | tee -a /opt/ran'}
  - {name: second, run: '${second.wait}; echo second $(date +%s%N) | tee -a /opt/ran'}
validate: {checks: [{name: once, run: 'wc -l </opt/ran', equals: '2'}]}
`,
  });
}

/** Cancels a run that leaves its builders, as soon as an event says so. */
async function leaveAt(project: Project, isMoment: (event: BuildEvent) => boolean): Promise<void> {
  const cancel = new AbortController();
  const run = project.buildAndLeave({
    onCancel: 'keep',
    signal: cancel.signal,
    onEvent: (event) => {
      if (isMoment(event)) cancel.abort();
    },
  });
  expect(outcomes((await run).report)).toEqual({ tool: 'cancelled' });
}

const HOUR_MS = 3_600_000;

const began = (name: string) => (event: BuildEvent) => event.kind === 'step-started' && event.name === name;
const phase = (name: string) => (event: BuildEvent) => event.kind === 'phase' && event.phase === name;

test.each([
  ['in its second step', began('second')],
  ['being sealed', phase('seal')],
  ['being stopped', phase('stop')],
])('a builder that was left %s is taken over, and no step runs twice', async (where, isMoment) => {
  const project = longProject();
  if (where !== 'in its second step') second.open();
  await leaveAt(project, isMoment);
  const next = await project.build({ onEvent: second.open });
  expect(outcomes(next.report)).toEqual({ tool: 'built' });
  expect(changes(next.calls)).toMatchObject({ RunInstances: 1, CreateImage: 1 });
});

test('a run that has waited long enough leaves its builder, says how far it is, and the next run goes on', async () => {
  const project = longProject();
  project.repository.write({ 'templates/child.yaml': 'extends: tool.yaml\n' });
  let waitedEnough: () => void = () => undefined;
  const enough = new Promise<void>((resolve) => (waitedEnough = resolve));
  const first = await project.buildAndLeave({
    maxWaitMs: HOUR_MS,
    maxParallel: 1,
    clock: { ...systemClock, sleep: (ms, signal) => (ms === HOUR_MS ? enough : systemClock.sleep(ms, signal)) },
    onEvent: (event) => {
      if (began('second')(event)) waitedEnough();
    },
  });
  expect(outcomes(first.report)).toEqual({ tool: 'in progress: steps', child: 'in progress: not begun' });
  expect(EXIT_CODES[resultOf(first.report)]).toBe(75);
  const next = await project.build({ onEvent: second.open });
  expect(outcomes(next.report)).toEqual({ tool: 'built', child: 'built' });
  expect(changes(next.calls)).toMatchObject({ RunInstances: 3, CreateImage: 2 });
});

test('a builder that somebody stopped in the middle is started again; what it was doing is lost, and said', async () => {
  const project = longProject();
  await leaveAt(project, began('second'));
  const [builder] = await createCloud(REGION, {}).listInstances();
  const id = builder?.instanceId ?? '';
  await rig.ec2.send(new StopInstancesCommand({ InstanceIds: [id] }));
  const next = await project.build();
  expect(outcomes(next.report)).toEqual({ tool: 'failed: step 2/2 "second" ended without an exit code' });
  second.open();
  expect(outcomes((await project.build()).report)).toEqual({ tool: 'built' });
});

test('a builder whose run still says that it is at it is followed, until it says so no more', async () => {
  const project = longProject();
  await leaveAt(project, began('second'));
  const [builder] = await createCloud(REGION, {}).listInstances();
  const heartbeat = { Key: `${TAG_PREFIX}heartbeat`, Value: new Date().toISOString() };
  await rig.ec2.send(new CreateTagsCommand({ Resources: [builder?.instanceId ?? ''], Tags: [heartbeat] }));
  let aheadMs = 0;
  const next = await project.build({
    clock: { ...systemClock, now: () => Date.now() + aheadMs },
    onEvent: (event) => {
      if (event.kind !== 'followed') return;
      aheadMs = HOUR_MS;
      second.open();
    },
  });
  expect(next.events.filter(({ kind }) => kind === 'followed')).toEqual([
    {
      kind: 'followed',
      key: expect.stringMatching(/^tool\//),
      runId: 'scenario',
      detail: `run scenario builds it on ${builder?.instanceId ?? ''}`,
    },
  ]);
  expect(outcomes(next.report)).toEqual({ tool: 'built' });
  expect(outputOf(next, 'tool')).toMatch(/^first \d+\nsecond \d+\n$/);
  expect(callsOf(next.calls, 'RunInstances')).toHaveLength(1);
});

test('a step that asks for it reboots the builder, and the next step runs on a new boot', async () => {
  const project = rig.project({
    'templates/tool.yaml': `
provision:
  - {name: kernel, run: 'cat /proc/sys/kernel/random/boot_id >/opt/boot', reboot: true}
  - {name: after, run: 'if cmp -s /opt/boot /proc/sys/kernel/random/boot_id; then echo same; else echo new; fi'}
`,
  });
  const run = await project.build();
  expect(outcomes(run.report)).toEqual({ tool: 'built' });
  expect(outputOf(run, 'tool')).toBe('new\n');
});

/** A builder of an image's layer, as another run would have launched it. */
async function launchBuilderOf({ templateHash, baseAmi }: ImageRecord, heartbeat: Date): Promise<string> {
  const tags = { managed: 'true', layer: 'tool', role: 'builder', 'template-hash': templateHash, 'run-token': 'other' };
  const all = Object.entries({
    ...tags,
    'run-id': '77',
    scope: SCOPE,
    trust: 'main',
    heartbeat: heartbeat.toISOString(),
  });
  const { Instances = [] } = await rig.ec2.send(
    new RunInstancesCommand({
      ImageId: baseAmi,
      MinCount: 1,
      MaxCount: 1,
      TagSpecifications: [
        { ResourceType: 'instance', Tags: all.map(([key, Value]) => ({ Key: `${TAG_PREFIX}${key}`, Value })) },
      ],
    }),
  );
  return Instances[0]?.InstanceId ?? '';
}

test('builders of a layer that needs no work any more are ended, but not those of a run that is at it', async () => {
  const project = rig.project({ 'templates/tool.yaml': 'provision: [{name: only, run: "true"}]\n' });
  await project.build();
  const cloud = createCloud(REGION, {});
  const [made] = await cloud.listImages();
  if (made === undefined) throw new Error('nothing was built');
  const held = await launchBuilderOf(made, new Date());
  const dead = await launchBuilderOf(made, new Date(0));
  const { report, calls } = await project.buildAndLeave();
  expect(outcomes(report)).toEqual({ tool: 'reused' });
  expect(changes(calls)).toEqual({ TerminateInstances: 1 });
  expect((await cloud.listInstances()).filter(({ instanceId }) => instanceId !== dead)).toMatchObject([
    { instanceId: held },
  ]);
  await cloud.terminate([held]);
});

test('a builder that AWS does not let end is left to the next run', async () => {
  const project = rig.project({ 'templates/tool.yaml': 'provision: [{name: only, run: "true"}]\n' });
  await project.build();
  const cloud = createCloud(REGION, {});
  const [made] = await cloud.listImages();
  if (made === undefined) throw new Error('nothing was built');
  const held = await launchBuilderOf(made, new Date());
  const operation = 'TerminateInstances';
  await rig.sandbox.control.addFault({
    kind: 'error',
    operation,
    call: 'every',
    code: 'UnauthorizedOperation',
    message: 'You are not authorized.',
    status: 403,
  });
  const fleet = createFleet({ cloud, clock: systemClock, heartbeatIntervalMs: 60_000 });
  fleet.hold(held);
  await expect(fleet.end(held)).rejects.toThrow('UnauthorizedOperation');
  await rig.sandbox.control.clearFaults();
  const { report, calls } = await project.build();
  expect(outcomes(report)).toEqual({ tool: 'reused' });
  expect(changes(calls)).toEqual({ TerminateInstances: 1 });
});

test('an instance that EC2 does not know any more does not silence the heartbeats of the others', async () => {
  const project = rig.project({ 'templates/tool.yaml': 'provision: [{name: only, run: "true"}]\n' });
  await project.build();
  const cloud = createCloud(REGION, {});
  const [made] = await cloud.listImages();
  if (made === undefined) throw new Error('nothing was built');
  const held = await launchBuilderOf(made, new Date(0));
  const heartbeat = async (): Promise<number> =>
    (await cloud.listInstances()).find(({ instanceId }) => instanceId === held)?.heartbeatAt ?? 0;
  const fleet = createFleet({ cloud, clock: systemClock, heartbeatIntervalMs: 50 });
  fleet.hold('i-0123456789abcdef0');
  fleet.hold(held);
  while ((await heartbeat()) === 0) await systemClock.sleep(50);
  fleet.drop('i-0123456789abcdef0');
  await fleet.end(held);
});
