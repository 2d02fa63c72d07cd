import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import type { JournalEntry } from '../../sandbox/journal.js';
import { createCloud } from '../../src/aws/create-cloud.js';
import type { BuildEvent } from '../../src/build/events.js';
import { layerOf } from '../../src/plan/variant.js';
import { callsOf, changes } from './journal.js';
import { imageOf, outcomes } from './outcomes.js';
import { makeLatch, type Latch } from './latch.js';
import { openRig, REGION, type Rig } from './rig.js';

let rig: Rig;
beforeAll(async () => {
  rig = await openRig();
});
afterAll(() => rig.close());

let checks: Latch;
beforeEach(async () => {
  await rig.sandbox.control.reset();
  checks = await makeLatch();
});
afterEach(() => checks.close());

/** A parent whose checks go on until the latch is opened. */
const base = (verdict: 'true' | 'false'): string =>
  `validate: {inherit: false, checks: [{name: slow, run: ${checks.wait}; ${verdict}}]}\n`;

const child = (script: string): string => `extends: base\nprovision: [{run: ${script}}]\nvalidate: {inherit: false}\n`;

const placeOf = (events: readonly BuildEvent[], kind: BuildEvent['kind'], layer: string): number =>
  events.findIndex((event) => event.kind === kind && layerOf(event.key) === layer);

/** The request that wrote the checks' verdict on an image. */
function verdictOn(calls: readonly JournalEntry[], imageId: string): JournalEntry | undefined {
  return callsOf(calls, 'CreateTags').find(({ parameters }) => {
    const { Resources, Tags } = parameters as { Resources: readonly string[]; Tags: readonly { Value: string }[] };
    return Resources.includes(imageId) && Tags.some(({ Value }) => Value === 'validated');
  });
}

test('children work while their parent is validated, but no image is made of them before', async () => {
  const project = rig.project({
    'templates/base.yaml': base('true'),
    'templates/left.yaml': child('echo left'),
    'templates/right.yaml': child('echo right'),
    'templates/broken.yaml': 'extends: base\nprovision: [{name: break, run: exit 3}]\n',
  });
  const ready = new Set<string>();
  const { report, calls, events } = await project.build({
    onEvent: (event) => {
      if (event.kind === 'waiting' || event.kind === 'outcome') ready.add(layerOf(event.key));
      if (['left', 'right', 'broken'].every((layer) => ready.has(layer))) checks.open();
    },
  });
  expect(outcomes(report)).toEqual({
    base: 'built',
    left: 'built',
    right: 'built',
    broken: 'failed: step 1/1 "break" exited 3',
  });
  const baseEnds = placeOf(events, 'outcome', 'base');
  // Whether it is its own failure is known when the parent's verdict is.
  expect(placeOf(events, 'step-finished', 'broken')).toBeLessThan(baseEnds);
  expect(placeOf(events, 'outcome', 'broken')).toBeGreaterThan(baseEnds);
  expect(placeOf(events, 'step-finished', 'left')).toBeLessThan(baseEnds);
  expect(placeOf(events, 'step-finished', 'right')).toBeLessThan(baseEnds);
  const verdict = verdictOn(calls, imageOf(report, 'base'))?.sequence ?? Infinity;
  const [, ...ofChildren] = callsOf(calls, 'CreateImage').map(({ sequence }) => sequence);
  expect(Math.min(...ofChildren)).toBeGreaterThan(verdict);
  expect(ofChildren).toHaveLength(2);
});

test('when the parent is rejected, its children end at once and leave nothing', async () => {
  const project = rig.project({
    'templates/base.yaml': base('false'),
    'templates/quick.yaml': child('echo quick'),
    'templates/slow.yaml': child('sandbox-sleep 600'),
    'templates/below.yaml': 'extends: quick\n',
    'templates/broken.yaml': 'extends: base\nprovision: [{name: break, run: exit 3}]\n',
  });
  const ready = new Set<string>();
  const { report, calls } = await project.build({
    onCancel: 'keep',
    onEvent: (event) => {
      if (event.kind === 'waiting' || event.kind === 'step-started') ready.add(`${event.kind} ${layerOf(event.key)}`);
      if (['waiting quick', 'waiting broken', 'step-started slow'].every((one) => ready.has(one))) checks.open();
    },
  });
  expect(outcomes(report)).toEqual({
    base: expect.stringMatching(/^failed: check 2\/2 "slow"/),
    quick: 'blocked by base',
    slow: 'blocked by base',
    below: 'blocked by base',
    broken: 'blocked by base',
  });
  const own = [...report.results.values()].flatMap(({ key, outcome }) =>
    outcome.kind === 'blocked' && outcome.failure !== undefined ? [`${layerOf(key)}: ${outcome.failure.message}`] : [],
  );
  expect(own).toEqual(['broken: step 1/1 "break" exited 3']);
  expect(changes(calls)).toMatchObject({ RunInstances: 5, CreateImage: 1 });
  expect(report.leftovers).toEqual([]);
  expect(await createCloud(REGION, {}).listInstances()).toEqual([]);
});

test('what a killed run began on an unvalidated parent goes on in the next one', async () => {
  const project = rig.project({
    'templates/base.yaml': base('true'),
    'templates/child.yaml': child(`echo once; ${checks.wait}`),
  });
  const cancel = new AbortController();
  const left = await project.buildAndLeave({
    onCancel: 'keep',
    signal: cancel.signal,
    onEvent: (event) => {
      if (event.kind === 'step-started' && layerOf(event.key) === 'child') cancel.abort();
    },
  });
  expect(outcomes(left.report)).toEqual({ base: 'cancelled', child: 'cancelled' });
  const { report, calls } = await project.build({ onEvent: checks.open });
  expect(outcomes(report)).toEqual({ base: 'reused and validated', child: 'built' });
  expect(changes(calls)).toMatchObject({ RunInstances: 2, CreateImage: 1 });
});

test('what a killed run began on a parent that is rejected in the next one is ended', async () => {
  const project = rig.project({
    'templates/base.yaml': base('false'),
    'templates/child.yaml': child('sandbox-sleep 600'),
  });
  const cancel = new AbortController();
  await project.buildAndLeave({
    onCancel: 'keep',
    signal: cancel.signal,
    onEvent: (event) => {
      if (event.kind === 'step-started' && layerOf(event.key) === 'child') cancel.abort();
    },
  });
  const left = await createCloud(REGION, {}).listInstances();
  expect(left.map(({ layer, role }) => `${role} of ${layer}`).toSorted()).toEqual([
    'builder of base',
    'builder of child',
  ]);
  checks.open();
  const { report } = await project.build({ maxParallel: 1 });
  expect(outcomes(report)).toMatchObject({ child: 'blocked by base' });
  expect(await createCloud(REGION, {}).listInstances()).toEqual([]);
});
