import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startAction } from '../../sandbox/github/runner.js';
import type { Situation } from '../../src/action/event-table.js';
import { situationOf } from '../../src/action/situation.js';
import { readEvent } from '../../src/github/event.js';

interface Published {
  readonly name: string;
  readonly examples: readonly { readonly action?: string; readonly ref?: string | null }[];
}

const published = createRequire(import.meta.url)('@octokit/webhooks-examples') as readonly Published[];

let workspace: string;
beforeAll(() => {
  workspace = mkdtempSync(join(tmpdir(), 'ami-workspace-'));
});
afterAll(() => rmSync(workspace, { recursive: true }));

/** What the action makes of every payload that GitHub publishes, as it is published. */
function situations(): Readonly<Record<string, readonly Situation[]>> {
  const found: Record<string, Set<Situation>> = {};
  for (const { name, examples } of published) {
    for (const payload of examples) {
      const env = { GITHUB_EVENT_NAME: name, GITHUB_REF: payload.ref ?? 'refs/heads/master' };
      (found[name] ??= new Set()).add(situationOf(readEvent(env, payload), { roleToAssume: undefined }, env));
    }
  }
  return Object.fromEntries(Object.entries(found).map(([name, all]) => [name, [...all].sort()]));
}

test('every payload that GitHub publishes is in a row of the table, unknown events in the last one', () => {
  const known: Readonly<Record<string, readonly Situation[]>> = {
    delete: ['deletion'],
    merge_group: ['merge-group'],
    pull_request: ['closed-pull-request', 'pull-request'],
    pull_request_review: ['pull-request'],
    pull_request_review_comment: ['pull-request'],
    push: ['default-branch', 'deletion', 'tag'],
    release: ['tag'],
    repository_dispatch: ['dispatch'],
    workflow_dispatch: ['dispatch'],
    workflow_run: ['workflow-run'],
  };
  const others = published.map(({ name }) => name).filter((name) => !(name in known));
  expect(others.length).toBeGreaterThan(40);
  expect(situations()).toEqual({
    ...known,
    ...Object.fromEntries(others.map((name) => [name, ['anything-else']])),
  });
});

test('the shipped bundle runs on the local runner: main with its inputs, then post, from its state', async () => {
  const closed = published
    .find(({ name }) => name === 'pull_request')
    ?.examples.find(({ action }) => action === 'closed');
  const { conclusion, log, state, post } = await startAction({
    action: process.cwd(),
    workspace,
    inputs: {},
    event: {
      name: 'pull_request',
      payload: closed ?? {},
      actor: 'octocat',
      ref: 'refs/pull/2/merge',
      sha: 'c'.repeat(40),
      baseRef: 'master',
      headRef: 'changes',
    },
    repository: 'Codertocat/Hello-World',
    token: 'ghs_secret',
    apiUrl: 'http://127.0.0.1:1',
    runId: 1,
    runNumber: 1,
  }).finished;
  expect({ conclusion, log }).toEqual({
    conclusion: 'success',
    log: ['Nothing to do: the pull request was closed.'],
  });
  expect(state).toMatchObject({ isPost: 'true' });
  expect(post).toMatchObject({ conclusion: 'success', log: [] });
});
