import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { createBill } from '../../src/build/bill.js';
import { executePlan } from '../../src/build/execute-plan.js';
import { DEFAULT_BUDGETS } from '../../src/build/context.js';
import { regionContext } from '../../src/commands/region-context.js';
import { memoize } from '../../src/lib/memoize.js';
import { decide } from '../../src/commands/decide.js';
import { gatherLayers } from '../../src/commands/gather-layers.js';
import { createPoller } from '../../src/lib/batch-poll.js';
import { NO_HISTORY } from '../../src/plan/history.js';
import { changes } from './journal.js';
import { failureOf, outcomes } from './outcomes.js';
import { openRig, optionsOf, type Rig } from './rig.js';

let rig: Rig;
beforeAll(async () => {
  rig = await openRig();
});
afterAll(() => rig.close());
beforeEach(() => rig.sandbox.control.reset());

const FAMILY = {
  'templates/root.yaml': 'provision: [{run: echo root}]\n',
  'templates/exits-3.yaml': `
extends: root
provision:
  - run: echo fine
  - name: compile
    run: |
      seq 1 100
      echo "no such header" >&2
      exit 3
  - run: echo never
`,
  'templates/below.yaml': 'extends: exits-3\nprovision: [{run: echo never}]\n',
  'templates/far-below.yaml': 'extends: below\nprovision: [{run: echo never}]\n',
  'templates/exits-194.yaml': 'extends: root\nprovision: [{name: reboot, run: exit 194}]\n',
  'templates/exits-137.yaml': 'extends: root\nprovision: [{name: out of memory, run: exit 137}]\n',
  'templates/kills-itself.yaml': 'extends: root\nprovision: [{name: self, run: "kill -9 $$"}]\n',
  // A step's parent is timeout(1), and the runner is the parent of that.
  'templates/kills-runner.yaml': `
extends: root
provision:
  - name: runner
    run: |
      echo bye
      kill -9 $(awk '/^PPid/ { print $2 }' /proc/$PPID/status)
`,
  'templates/leaves-secret.yaml': `
extends: root
provision:
  - run: |
      mkdir /root/.aws
      echo "aws_secret_access_key = 1234" >/root/.aws/credentials
`,
  'templates/sibling.yaml': 'extends: root\nprovision: [{run: echo sibling}]\n',
};

test('a failing step fails its layer, blocks what stands on it, and nothing else', async () => {
  const project = rig.project(FAMILY);
  const { report, calls } = await project.build();
  expect(outcomes(report)).toEqual({
    root: 'built',
    'exits-3': 'failed: step 2/3 "compile" exited 3',
    below: 'blocked by exits-3',
    'far-below': 'blocked by exits-3',
    'exits-194': 'failed: step 1/1 "reboot" exited 194',
    'exits-137': 'failed: step 1/1 "out of memory" exited 137',
    'kills-itself': 'failed: step 1/1 "self" exited 137',
    'kills-runner': 'failed: step 1/1 "runner" ended without an exit code',
    'leaves-secret': 'failed: a step left credentials or private keys on the disk; an image must not carry them',
    sibling: 'built',
  });
  expect(failureOf(report, 'exits-3')).toEqual({
    phase: 'steps',
    message: 'step 2/3 "compile" exited 3',
    fix: 'see the last lines of its output; mend the step.',
    step: { name: 'compile', index: 2, count: 3, exitCode: 3, line: 5 },
    logTail: [...Array.from({ length: 39 }, (_, at) => String(at + 62)), 'no such header'],
  });
  expect(failureOf(report, 'leaves-secret')).toEqual({
    phase: 'seal',
    message: 'a step left credentials or private keys on the disk; an image must not carry them',
    fix: 'remove them at the end of the step that makes them, or list them under `seal.allow` if they belong in the image.',
    step: undefined,
    logTail: ['credentials or private keys on the disk:', '  /root/.aws/credentials (access keys of AWS)'],
  });
  expect(failureOf(report, 'kills-runner')).toMatchObject({
    fix: 'the instance may have run out of memory or gone down; try a larger type, and see the last lines.',
    step: { name: 'runner', exitCode: undefined },
    logTail: ['bye'],
  });
  // Eight builders, and test instances for the two that were built.
  expect(changes(calls)).toMatchObject({ RunInstances: 10, CreateImage: 2 });

  const again = await project.cli(
    ...['build', '--layer', 'exits-3', '--json'],
    ...['--region', 'us-west-2', '--instance-profile', 'builder', '--poll-interval', '0.05'],
  );
  expect(again.status).toBe(1);
  expect(JSON.parse(again.stdout)).toMatchObject({
    result: 'failure',
    layers: [
      { layer: 'root', outcome: { kind: 'reused' } },
      { layer: 'exits-3', outcome: { failure: { step: { index: 2 } } } },
    ],
  });
  expect(changes(again.calls)).toEqual({ RunInstances: 1, TerminateInstances: 1 });
});

test('a step that takes too long is ended, and its instance with it', async () => {
  const project = rig.project({
    'templates/slow.yaml': 'provision: [{name: wait, run: echo waiting; exec sleep 300}]\n',
  });
  // Systems Manager takes no less than five seconds; a template counts in minutes.
  const budgets = { ...DEFAULT_BUDGETS, stepTimeoutMs: 6000 };
  const { results, leftovers, calls } = await project.run(async (ports) => {
    const options = optionsOf();
    const gathered = await gatherLayers(options, ports.workspace);
    const { clock, signal } = ports;
    const poller = createPoller({ clock, signal, intervalMs: options.pollIntervalMs, isTransient: () => false });
    const bill = createBill(() => undefined);
    return executePlan({
      plan: await decide(gathered, options, ports.cloudIn),
      graph: gathered.graph,
      contextFor: memoize((region) =>
        regionContext({ region, poller, signal, options, ports, budgets, history: NO_HISTORY, bill }),
      ),
      reasonText: () => 'a test',
      displayName: ({ node }) => node.layer.name,
      chain: false,
      maxParallel: 1,
      remaining: new Map(),
      signal,
      onFailed: () => undefined,
    });
  });
  expect(leftovers).toEqual([]);
  expect([...results.values()].map(({ outcome }) => outcome)).toMatchObject([
    {
      kind: 'failed',
      imageId: undefined,
      failure: {
        phase: 'steps',
        message: 'step 1/1 "wait" took longer than 0.1 min',
        fix: 'raise its `timeout_minutes`, or make it faster.',
        step: { name: 'wait', index: 1, count: 1, exitCode: undefined },
        logTail: ['waiting'],
      },
    },
  ]);
  expect(changes(calls)).toEqual({ RunInstances: 1, TerminateInstances: 1 });
});
