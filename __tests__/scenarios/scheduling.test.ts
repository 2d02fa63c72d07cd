import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { layerOf } from '../../src/plan/variant.js';
import { changes } from './journal.js';
import { outcomes } from './outcomes.js';
import { openRig, REGION, type Rig, type Run } from './rig.js';

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

test('with --log-dir, each layer has a log of its own', async () => {
  const project = rig.project({
    'templates/one.yaml': 'provision: [{name: first, run: echo said by one}]\n',
    'templates/two.yaml': 'provision: [{name: second, run: "echo said by two; exit 4"}]\n',
  });
  const where = ['--region', REGION, '--instance-profile', 'builder', '--poll-interval', '0.05'];
  const { status } = await project.cli('build', '--log-dir', 'logs', ...where);
  expect(status).toBe(1);
  const [one, two] = ['one', 'two'].map((name) =>
    readFileSync(join(project.repository.root, `logs/${name}-x86_64.log`), 'utf8').replace(/^[\d:]{8} /gm, ''),
  );
  expect(one).toMatch(
    /^launching a builder: .*\n(.*\n)*▸ 1\/1 first\n {2}said by one\n✓ first .*\n(.*\n)*🔨 built ami-/,
  );
  expect(one).not.toContain('two');
  expect(two).toMatch(/\n {2}said by two\n✗ exited 4: second .*\n❌ failed: /);
});
