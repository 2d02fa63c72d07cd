import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { layerOf } from '../../src/plan/variant.js';
import { changes } from './journal.js';
import { outcomes } from './outcomes.js';
import { openRig, type Rig, type Run } from './rig.js';

let rig: Rig;
beforeAll(async () => {
  rig = await openRig();
});
afterAll(() => rig.close());

/** Layers in the order in which work on them began. */
function begun({ events }: Run): readonly string[] {
  const keys = events.flatMap((event) => (event.kind === 'phase' ? event.key : []));
  return [...new Set(keys)].map(layerOf);
}

test('with one slot, the layer with the longest way below it comes first', async () => {
  const project = rig.project({
    'templates/a-short.yaml': 'provision: [{run: echo short}]\n',
    'templates/b-root.yaml': 'provision: [{run: echo root}]\n',
    'templates/c-child.yaml': 'extends: b-root\nprovision: [{run: echo child}]\n',
  });
  const run = await project.build({ maxParallel: 1 });
  expect(begun(run)).toEqual(['b-root', 'a-short', 'c-child']);
  expect(outcomes(run.report)).toEqual({ 'a-short': 'built', 'b-root': 'built', 'c-child': 'built' });
});

test('with fail-fast, the first failure ends the layers that are under way and begins no other', async () => {
  const project = rig.project({
    'templates/slow.yaml': 'provision: [{name: wait, run: sleep 300}]\n',
    'templates/broken.yaml': 'provision: [{name: break, run: exit 3}]\n',
    'templates/below.yaml': 'extends: broken\n',
    'templates/waiting.yaml': 'extends: slow\n',
  });
  const { report, calls } = await project.build({ failFast: true, maxParallel: 2 });
  const results = [...report.results.values()].map(({ key, outcome }) => [
    layerOf(key),
    outcome.kind,
    outcome.kind === 'cancelled' ? outcome.after : undefined,
  ]);
  expect(results).toEqual([
    ['broken', 'failed', undefined],
    ['below', 'blocked', undefined],
    ['slow', 'cancelled', 'broken/x86_64'],
    ['waiting', 'cancelled', 'broken/x86_64'],
  ]);
  expect(changes(calls)).toEqual({ RunInstances: 2, TerminateInstances: 2 });
});
