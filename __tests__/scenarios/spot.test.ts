import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import type { Fault } from '../../sandbox/faults.js';
import { callsOf, changes } from './journal.js';
import { makeLatch } from './latch.js';
import { outcomes } from './outcomes.js';
import { openRig, type Asked, type Project, type Rig, type Run } from './rig.js';

let rig: Rig;
let project: Project;
beforeAll(async () => {
  rig = await openRig();
  project = rig.project({ 'templates/tool.yaml': template('echo tool') });
});
afterAll(() => rig.close());
beforeEach(() => rig.sandbox.control.reset());
afterEach(() => rig.sandbox.control.clearFaults());

const template = (script: string): string => `builder: {spot: true}\nprovision: [{name: make, run: ${script}}]\n`;

async function buildWith(fault: Fault, asked: Asked = {}): Promise<Run> {
  await rig.sandbox.control.addFault(fault);
  return project.build(asked);
}

/** Market and type of the launches that were tried, and what became of each. */
function launches({ calls }: Run): readonly string[] {
  return callsOf(calls, 'RunInstances').map(({ parameters, result }) => {
    const { InstanceType, InstanceMarketOptions } = parameters as {
      readonly InstanceType: string;
      readonly InstanceMarketOptions?: { readonly MarketType: string };
    };
    return `${InstanceMarketOptions?.MarketType ?? 'on-demand'} ${InstanceType}: ${result}`;
  });
}

function warnings({ events }: Run): readonly string[] {
  return events.flatMap((event) => (event.kind === 'warning' ? event.message : []));
}

/** What AWS does when others bid more. */
async function takeBack(): Promise<void> {
  const [builder] = await rig.sandbox.control.instances();
  // The next builder's step has begun.
  if (builder?.state !== 'running') return;
  await rig.sandbox.control.befall(builder.id, { kind: 'spot-interruption', noticeMs: 0 });
}

const LACK = 'InsufficientInstanceCapacity';
const TESTED = 'on-demand m7i.large: OK';

test('a layer that says so is built on Spot, which is not stopped, and tested on demand', async () => {
  const run = await project.build();
  expect(outcomes(run.report)).toEqual({ tool: 'built' });
  expect(launches(run)).toEqual(['spot m7i.large: OK', TESTED]);
  expect(changes(run.calls).StopInstances).toBeUndefined();
  expect(changes(run.calls).CreateImage).toBe(1);
});

test('the run may overrule it', async () => {
  const placement = { instanceProfile: 'builder', subnetIds: [], securityGroupIds: [], instanceType: undefined };
  const run = await project.build({ placement: { ...placement, spot: 'never' } });
  expect(launches(run)).toEqual(['on-demand m7i.large: OK', TESTED]);
});

test('where no type has room on Spot, the layer is built on demand', async () => {
  const run = await buildWith({ kind: 'capacity', market: 'spot' });
  expect(outcomes(run.report)).toEqual({ tool: 'built' });
  const types = ['m7i.large', 'm6i.large', 'm5.large'];
  expect(launches(run)).toEqual([...types.map((type) => `spot ${type}: ${LACK}`), 'on-demand m7i.large: OK', TESTED]);
  expect(warnings(run)).toEqual(
    types.map((type) => expect.stringMatching(new RegExp(`^no capacity for Spot ${type}: RunInstances: We currently`))),
  );
});

test('a refusal that another type would meet too leads to on demand at once', async () => {
  const code = 'AuthFailure.ServiceLinkedRoleCreationNotPermitted';
  const run = await buildWith({
    kind: 'error',
    operation: 'RunInstances',
    call: 1,
    code,
    message: 'No.',
    status: 400,
  });
  expect(outcomes(run.report)).toEqual({ tool: 'built' });
  expect(launches(run)).toEqual([`spot m7i.large: ${code}`, 'on-demand m7i.large: OK', TESTED]);
});

test('a layer whose Spot instance AWS takes back is built once more, on demand', async () => {
  const step = await makeLatch();
  const run = await rig.project({ 'templates/tool.yaml': template(step.wait) }).build({
    onEvent: (event) => {
      if (event.kind === 'step-started') void takeBack();
      if (event.kind === 'warning') step.open();
    },
  });
  step.close();
  expect(outcomes(run.report)).toEqual({ tool: 'built' });
  expect(launches(run)).toEqual(['spot m7i.large: OK', 'on-demand m7i.large: OK', TESTED]);
  expect(warnings(run)).toEqual([
    expect.stringMatching(/^AWS took the Spot instance i-\w+ back; the layer is built again, on demand$/),
  ]);
});
