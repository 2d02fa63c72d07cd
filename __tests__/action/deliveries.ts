import { createRequire } from 'node:module';
import type { Situation } from '../../src/action/event-table.js';
import { NAME, type Commits } from './origin.js';

/** What GitHub gives a run: the event's name, its payload, and what the payload does not say. */
export interface Delivery {
  readonly name: string;
  readonly payload: object;
  readonly ref: string;
  readonly sha: string;
  readonly actor: string;
}

/** GitHub's published examples: CommonJS, and its types say something else. */
const examples = createRequire(import.meta.url)('@octokit/webhooks-examples') as readonly {
  readonly name: string;
  readonly examples: readonly object[];
}[];

const ZERO = '0'.repeat(40);
const repository = { full_name: NAME, default_branch: 'main' };
const elsewhere = { full_name: 'mallory/octo-repo' };

/** GitHub's published example of an event, with the commits and branches of a repository that exists. */
function example(name: string, action: string | undefined, changes: Tree): object {
  const found = examples
    .find((event) => event.name === name)
    ?.examples.find((payload) => action === undefined || ('action' in payload && payload.action === action));
  if (found === undefined) throw new Error(`GitHub publishes no example of ${name} ${action ?? ''}`);
  return merge(found, { repository, ...changes });
}

interface Tree {
  readonly [key: string]: string | number | boolean | Tree;
}

function merge(into: object, changes: Tree): object {
  const merged: Record<string, unknown> = { ...into };
  for (const [key, value] of Object.entries(changes)) {
    const old = merged[key];
    merged[key] = typeof value === 'object' ? merge(typeof old === 'object' && old !== null ? old : {}, value) : value;
  }
  return merged;
}

interface Pull {
  readonly name?: string;
  readonly action?: string;
  readonly from?: { readonly full_name: string };
}

export function pullRequest({ main, topic, merge: sha }: Commits, pull: Pull = {}): Delivery {
  const { name = 'pull_request', action = 'opened', from = repository } = pull;
  const payload = example(name.replace('_target', ''), name.startsWith('pull_request_review') ? undefined : action, {
    number: 4,
    pull_request: {
      number: 4,
      base: { ref: 'main', sha: main, repo: repository },
      head: { ref: 'topic', sha: topic, repo: from },
    },
  });
  const target = name === 'pull_request_target';
  const actor = 'ada';
  return { name, payload, ref: target ? 'refs/heads/main' : 'refs/pull/4/merge', sha: target ? main : sha, actor };
}

export function push(ref: string, before: string, after: string, forced = false): Delivery {
  const changes = { ref, before, after, forced, created: before === ZERO, deleted: after === ZERO };
  return { name: 'push', payload: example('push', undefined, changes), ref, sha: after, actor: 'ada' };
}

export function mergeGroup({ main, merge: sha }: Commits, into = 'main'): Delivery {
  const ref = 'refs/heads/gh-readonly-queue/main/pr-4';
  const changes = { merge_group: { base_sha: main, base_ref: `refs/heads/${into}`, head_sha: sha, head_ref: ref } };
  return { name: 'merge_group', payload: example('merge_group', 'checks_requested', changes), ref, sha, actor: 'ada' };
}

export function other(name: string, { main: sha }: Commits, ref = 'refs/heads/main'): Delivery {
  // A schedule has no webhook: https://docs.github.com/actions (events that trigger workflows, schedule).
  const payload = name === 'schedule' ? { schedule: '17 3 * * 1', repository } : example(name, undefined, {});
  return { name, payload, ref, sha, actor: 'ada' };
}

/** The run for a pull request has ended: GitHub's example, which leaves out the pull request when it is a fork's. */
export function workflowRun(commits: Commits, from: string, headSha = commits.topic): Delivery {
  const [login = ''] = from.split('/');
  const run = { id: 7001, run_number: 12, run_attempt: 2, event: 'pull_request', conclusion: 'success' };
  const head = { head_branch: 'topic', head_sha: headSha, head_repository: { full_name: from, owner: { login } } };
  const payload = example('workflow_run', 'completed', { workflow_run: { ...run, ...head } });
  return { name: 'workflow_run', payload, ref: 'refs/heads/main', sha: commits.main, actor: 'ada' };
}

/** One delivery for every row of the table of events. */
export const DELIVERIES: Readonly<Record<Situation, (commits: Commits) => Delivery>> = {
  'pull-request': (commits) => pullRequest(commits),
  fork: (commits) => pullRequest(commits, { from: elsewhere }),
  dependabot: (commits) => ({ ...pullRequest(commits), actor: 'dependabot[bot]' }),
  'closed-pull-request': (commits) => pullRequest(commits, { action: 'closed' }),
  'pull-request-target': (commits) => pullRequest(commits, { name: 'pull_request_target', from: elsewhere }),
  'default-branch': ({ before, main }) => push('refs/heads/main', before, main),
  branch: ({ left, topic }) => push('refs/heads/topic', left, topic),
  tag: ({ main }) => push('refs/tags/v1', ZERO, main),
  deletion: ({ topic }) => push('refs/heads/topic', topic, ZERO),
  'merge-group': (commits) => mergeGroup(commits),
  'other-merge-group': (commits) => mergeGroup(commits, 'release'),
  schedule: (commits) => other('schedule', commits),
  dispatch: (commits) => other('workflow_dispatch', commits),
  'branch-dispatch': (commits) => other('workflow_dispatch', commits, 'refs/heads/topic'),
  'workflow-run': (commits) => other('workflow_run', commits),
  'anything-else': (commits) => other('issue_comment', commits),
};

/** The variables a runner makes of it. */
export function environmentOf({ name, ref, sha, actor }: Delivery, serverUrl: string): Record<string, string> {
  return {
    GITHUB_EVENT_NAME: name,
    GITHUB_REF: ref,
    GITHUB_SHA: sha,
    GITHUB_ACTOR: actor,
    GITHUB_REPOSITORY: NAME,
    GITHUB_SERVER_URL: serverUrl,
    GITHUB_API_URL: 'http://127.0.0.1:1',
    GITHUB_RUN_ID: '7001',
    GITHUB_RUN_NUMBER: '12',
    GITHUB_RUN_ATTEMPT: '1',
  };
}
