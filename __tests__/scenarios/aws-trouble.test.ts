import { DeleteTagsCommand, TerminateInstancesCommand } from '@aws-sdk/client-ec2';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import type { Fault } from '../../sandbox/faults.js';
import { createCloud } from '../../src/aws/create-cloud.js';
import { TEMPLATE_HASH_TAG } from '../../src/images/tags.js';
import { callsOf, changes, count } from './journal.js';
import { failureOf, imageOf, outcomes, outputOf } from './outcomes.js';
import { openRig, REGION, type Project, type Rig, type Run } from './rig.js';

let rig: Rig;
let project: Project;
beforeAll(async () => {
  rig = await openRig();
  project = rig.project({ 'templates/tool.yaml': 'provision: [{name: make, run: echo tool}]\n' });
});
afterAll(() => rig.close());
beforeEach(() => rig.sandbox.control.reset());
afterEach(() => rig.sandbox.control.clearFaults());

const BUILT = { RunInstances: 2, StopInstances: 1, CreateImage: 1, CreateTags: 1, TerminateInstances: 1 };

async function buildWith(...faults: readonly Fault[]): Promise<Run> {
  for (const fault of faults) await rig.sandbox.control.addFault(fault);
  return project.build();
}

function refusal(operation: string, code: string, message: string) {
  return { kind: 'error', operation, call: 'every', code, message, status: 403 } as const;
}

/** Types of the launches that were tried, and what became of each. */
function launches({ calls }: Run): readonly (readonly [string, string | undefined])[] {
  return callsOf(calls, 'RunInstances').map(({ parameters, result }) => [
    (parameters as { InstanceType: string }).InstanceType,
    result,
  ]);
}

test('a type without capacity is replaced by the next', async () => {
  const run = await buildWith({ kind: 'capacity', instanceType: 'm7i.large' });
  expect(outcomes(run.report)).toEqual({ tool: 'built' });
  const lacking = ['m7i.large', 'InsufficientInstanceCapacity'];
  expect(launches(run)).toEqual([lacking, ['m6i.large', 'OK'], lacking, ['m6i.large', 'OK']]);
  expect(run.events.filter(({ kind }) => kind === 'warning')).toHaveLength(2);
});

test('when no type has capacity, the failure lists all that were tried', async () => {
  const run = await buildWith({ kind: 'capacity' });
  expect(failureOf(run.report, 'tool')).toEqual({
    phase: 'launch',
    message:
      'no instance type had capacity (tried m7i.large, m6i.large, m5.large): RunInstances: We currently do not have ' +
      'sufficient m5.large capacity in the Availability Zone you requested (us-west-2a). Our system will be working ' +
      'on provisioning additional capacity. (InsufficientInstanceCapacity)',
    fix: 'list more `builder.instance_types` or more subnets, or run it again later.',
    logTail: [],
  });
  expect(launches(run).map(([type]) => type)).toEqual(['m7i.large', 'm6i.large', 'm5.large']);
  expect(changes(run.calls)).toEqual({});
});

test('a missing permission is told in the words of AWS, with what to do', async () => {
  const run = await buildWith(refusal('RunInstances', 'UnauthorizedOperation', 'You are not authorized to do this.'));
  expect(failureOf(run.report, 'tool')).toEqual({
    phase: 'launch',
    message: 'RunInstances: You are not authorized to do this. (UnauthorizedOperation)',
    fix: 'give the role the permission that the message names (docs/permissions.md lists all of them).',
    logTail: [],
  });
  expect(launches(run)).toHaveLength(1);
  expect(changes(run.calls)).toEqual({});
});

test('throttling and lost connections are survived', async () => {
  const throttled = {
    kind: 'error',
    code: 'RequestLimitExceeded',
    message: 'Request limit exceeded.',
    status: 503,
  } as const;
  const run = await buildWith(
    { ...throttled, operation: 'DescribeInstances', call: 1 },
    { ...throttled, operation: 'DescribeInstances', call: 2 },
    { kind: 'drop-connection', operation: 'DescribeInstanceInformation', call: 1, when: 'before' },
    { kind: 'drop-connection', operation: 'ListCommandInvocations', call: 1, when: 'after' },
  );
  expect(outcomes(run.report)).toEqual({ tool: 'built' });
  expect(changes(run.calls)).toEqual(BUILT);
  expect(run.report.apiRepeats).toEqual({ RequestLimitExceeded: 2, ECONNRESET: 2 });
  expect(run.report.apiCalls).toEqual(count(run.calls));
});

test('a command that AWS refuses for its number is sent again: it was never taken', async () => {
  const throttled = { kind: 'error', operation: 'SendCommand', code: 'ThrottlingException', status: 400 } as const;
  const run = await buildWith({ ...throttled, call: 1, message: 'Rate exceeded' });
  expect(outcomes(run.report)).toEqual({ tool: 'built' });
  expect(run.report.apiRepeats).toEqual({ ThrottlingException: 1 });
});

test('calls whose answer was lost are neither repeated twice nor forgotten', async () => {
  const run = await buildWith(
    { kind: 'drop-connection', operation: 'RunInstances', call: 1, when: 'after' },
    { kind: 'drop-connection', operation: 'CreateImage', call: 1, when: 'after' },
  );
  expect(outcomes(run.report)).toEqual({ tool: 'built' });
  expect(await rig.sandbox.control.instances()).toHaveLength(2);
  expect(await createCloud(REGION, {}).listImages()).toHaveLength(1);
});

test('a delivery that nobody knows to have arrived is sent again, and the steps run once', async () => {
  const run = await buildWith({ kind: 'drop-connection', operation: 'SendCommand', call: 1, when: 'after' });
  expect(outcomes(run.report)).toEqual({ tool: 'built' });
  expect(outputOf(run, 'tool')).toBe('tool\n');
  expect(changes(run.calls)).toEqual(BUILT);
});

test('a look at the steps whose answer was lost is only a look: the next one sees the same', async () => {
  const run = await buildWith(
    { kind: 'drop-connection', operation: 'SendCommand', call: 2, when: 'after' },
    { kind: 'drop-connection', operation: 'ListCommandInvocations', call: 1, when: 'after' },
  );
  expect(outcomes(run.report)).toEqual({ tool: 'built' });
});

test('instances that cannot be ended together are ended one by one, and cost no image', async () => {
  const fault: Fault = { ...refusal('TerminateInstances', 'InternalError', 'An internal error.'), call: 1 };
  const run = await buildWith(fault);
  expect(outcomes(run.report)).toEqual({ tool: 'built' });
  expect(changes(run.calls)).toEqual({ ...BUILT, TerminateInstances: 2 });
});

test('of two runs that want the same layer, one builds it and the other follows', async () => {
  const runs = await Promise.all([project.build(), project.build()]);
  const images = await createCloud(REGION, {}).listImages();
  expect(images.map(({ layer, buildState }) => [layer, buildState])).toEqual([['tool', 'validated']]);
  expect(runs.map(({ report }) => outcomes(report).tool).sort()).toEqual(['built', 'reused']);
  for (const { report } of runs) expect(imageOf(report, 'tool')).toBe(images[0]?.imageId);
  expect(runs.flatMap((run) => outputOf(run, 'tool'))).toEqual(expect.arrayContaining(['tool\n', '']));
});

test('an image of somebody else with the same name is not used: the next name is as good', async () => {
  const image = imageOf((await project.build()).report, 'tool');
  await rig.ec2.send(new DeleteTagsCommand({ Resources: [image], Tags: [{ Key: TEMPLATE_HASH_TAG }] }));
  const { report, calls } = await project.build();
  expect(outcomes(report)).toEqual({ tool: 'built' });
  expect(imageOf(report, 'tool')).not.toBe(image);
  const name = report.plan.items[0]?.imageName ?? '';
  const asked = calls.filter(({ operation }) => operation === 'CreateImage').map(({ parameters }) => parameters);
  expect(asked).toEqual([expect.objectContaining({ Name: name }), expect.objectContaining({ Name: `${name}-r2` })]);
});

test('an image that fails is deregistered, so that the next run can have its name', async () => {
  const run = await buildWith({ kind: 'image-failure', call: 1, reason: 'Client.InternalError: the snapshot failed' });
  expect(failureOf(run.report, 'tool')).toEqual({
    phase: 'image',
    message: expect.stringMatching(/^ami-\w+ of tool became failed: Client.InternalError: the snapshot failed$/),
    fix: 'run it again; if it repeats, check the KMS key and the EBS snapshot quota.',
    logTail: [],
  });
  expect(changes(run.calls)).toEqual({
    RunInstances: 1,
    StopInstances: 1,
    CreateImage: 1,
    DeregisterImage: 1,
    TerminateInstances: 1,
  });
  const again = await project.build();
  expect(outcomes(again.report)).toEqual({ tool: 'built' });
  expect(again.report.plan.items[0]?.imageName).toBe(run.report.plan.items[0]?.imageName);
});

test('a builder that is ended from outside fails its layer, long before its step would end', async () => {
  const long = rig.project({ 'templates/long.yaml': 'provision: [{name: wait, run: sleep infinity}]\n' });
  const { report } = await long.build({
    onEvent: (event) => {
      if (event.kind === 'step-started') void endAllInstances();
    },
  });
  expect(failureOf(report, 'long')).toEqual({
    phase: 'steps',
    message: expect.stringMatching(
      /^i-\w+ is (shutting-down|terminated): Client.UserInitiatedShutdown: User initiated shutdown$/,
    ),
    fix: expect.stringContaining('run it again'),
    logTail: [],
  });
});

async function endAllInstances(): Promise<void> {
  const instances = await rig.sandbox.control.instances();
  await rig.ec2.send(new TerminateInstancesCommand({ InstanceIds: instances.map(({ id }) => id) }));
}
