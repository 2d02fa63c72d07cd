import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startAction, type ActionResult } from '../../sandbox/github/runner.js';
import { DELIVERIES, type Delivery } from './deliveries.js';
import { createOrigin, NAME, type Origin } from './origin.js';

let origin: Origin;
beforeAll(() => {
  origin = createOrigin();
});
afterAll(() => origin.remove());

interface Asked {
  readonly workspace: string;
  readonly inputs?: Readonly<Record<string, string>>;
}

/** The files that a release ships; without any AWS, which must not be asked. */
async function runShipped(delivery: Delivery, { workspace, inputs }: Asked): Promise<ActionResult> {
  return startAction({
    action: process.cwd(),
    workspace,
    inputs: { 'aws-region': 'us-west-2', 'tag-latest': 'true', ...inputs },
    event: { ...delivery, baseRef: '', headRef: '' },
    repository: NAME,
    token: 'ghs_secret',
    apiUrl: 'http://127.0.0.1:1',
    serverUrl: origin.serverUrl,
    runId: 1000,
    runNumber: 12,
    environment: {},
  }).finished;
}

function expectRefused({ conclusion, outputs, log }: ActionResult, ...named: readonly string[]): void {
  expect({ conclusion, result: outputs.result }).toEqual({ conclusion: 'failure', result: 'failure' });
  const text = log.join('\n');
  for (const words of named) expect(text).toContain(words);
  expect(text).toContain('Fix: check out the commit of the run');
  expect(text).not.toContain('DescribeImages');
}

test('a dispatch on the default branch does not build another head that was checked out', async () => {
  const workspace = origin.checkout('refs/pull/4/head', { depth: 0 });
  expectRefused(
    await runShipped(DELIVERIES.dispatch(origin.commits), { workspace }),
    'templates/app.yaml differs from the commit',
  );
});

test('an artifact that was unpacked over the templates is not built, though HEAD is the run’s commit', async () => {
  const workspace = origin.checkout(origin.commits.main);
  writeFileSync(join(workspace, 'templates/other.yaml'), 'provision: [{name: one, run: echo evil}]\n');
  writeFileSync(join(workspace, 'templates/more.yaml'), 'provision: [{name: one, run: echo evil}]\n');
  for (const situation of ['workflow-run', 'schedule', 'default-branch', 'merge-group'] as const) {
    expectRefused(
      await runShipped(DELIVERIES[situation](origin.commits), {
        workspace: situation === 'merge-group' ? evil(origin.checkout(origin.commits.merge)) : workspace,
        inputs: { 'tag-latest': 'auto', select: 'all' },
      }),
      'templates/other.yaml differs from the commit',
    );
  }
});

function evil(workspace: string): string {
  writeFileSync(join(workspace, 'templates/other.yaml'), 'provision: [{name: one, run: echo evil}]\n');
  return workspace;
}

test('a fork that is checked out below the base’s checkout is not built with the base’s credentials', async () => {
  const workspace = origin.checkout(origin.commits.main);
  mkdirSync(join(workspace, 'fork'));
  execFileSync('cp', ['-r', `${origin.checkout('refs/pull/4/head')}/.`, join(workspace, 'fork')]);
  const asked = { workspace, inputs: { 'working-directory': 'fork', select: 'all', 'tag-latest': 'auto' } };
  expectRefused(
    await runShipped(DELIVERIES['pull-request-target'](origin.commits), asked),
    'fork/templates/app.yaml is in a checkout that does not have the commit',
  );
});

test('generated files may be allowed, but never with the default branch’s credentials for somebody else’s event', async () => {
  const workspace = evil(origin.checkout(origin.commits.main));
  const inputs = { 'allow-uncommitted': 'true', 'tag-latest': 'auto', select: 'all' };
  expectRefused(
    await runShipped(DELIVERIES['workflow-run'](origin.commits), { workspace, inputs }),
    'templates/other.yaml differs from the commit',
  );
});

test('latest is not promised to what is not trusted', async () => {
  const workspace = origin.checkout(origin.commits.main);
  const allowed = await runShipped(DELIVERIES.dispatch(origin.commits), {
    workspace,
    inputs: { 'allow-uncommitted': 'true' },
  });
  expect(allowed.annotations.map(({ message }) => message).join()).toContain('Fix: leave one of the two out.');
  const topic = await runShipped(DELIVERIES.branch(origin.commits), {
    workspace: origin.checkout(origin.commits.topic),
    inputs: { reuse: 'trusted' },
  });
  expect(topic.annotations.map(({ message }) => message).join()).toContain('`reuse: trusted` rules that out');
  for (const { conclusion } of [allowed, topic]) expect(conclusion).toBe('failure');
});
