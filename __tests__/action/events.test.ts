import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { EVENT_TABLE, type Situation } from '../../src/action/event-table.js';
import type { Policy } from '../../src/action/event-policy.js';
import { makeOptions } from '../../src/action/make-options.js';
import { receiveEvent } from '../../src/action/receive-event.js';
import { gatherLayers } from '../../src/commands/gather-layers.js';
import { readChangedFiles } from '../../src/github/changed-files.js';
import { readRemote } from '../../src/github/remote.js';
import { parseInputs } from '../../src/inputs.js';
import { createFsWorkspace } from '../../src/workspace/fs-workspace.js';
import { DEFAULT_INPUTS } from '../inputs.js';
import { DELIVERIES, environmentOf, other, pullRequest, push, type Delivery } from './deliveries.js';
import { createOrigin, type CheckoutOptions, type Commits, type Origin } from './origin.js';

let origin: Origin;
let commits: Commits;
beforeAll(() => {
  origin = createOrigin();
  ({ commits } = origin);
});
afterAll(() => origin.remove());

interface Run {
  readonly inputs?: Readonly<Record<string, string>>;
  /** What is checked out; the run's own commit, one deep, unless said. */
  readonly checkout?: string;
  readonly options?: CheckoutOptions;
  readonly env?: Readonly<Record<string, string>>;
}

type Went =
  | Exclude<Policy, { readonly kind: 'run' }>
  | (Extract<Policy, { readonly kind: 'run' }> & {
      readonly trust: string;
      /** Of base, app and other. */
      readonly layers: readonly string[];
      readonly changed: readonly string[] | string;
    });

/** From GitHub's delivery to the layers of the run, as the main step goes. */
async function deliver(
  delivery: Delivery,
  { inputs: given = {}, checkout, options, env: more }: Run = {},
): Promise<Went> {
  const env = { ...process.env, ...environmentOf(delivery, origin.serverUrl), ...more };
  const directory = origin.checkout(checkout ?? delivery.sha, options);
  const parsed = parseInputs((name) => given[name] ?? DEFAULT_INPUTS[name] ?? '');
  if ('diagnostics' in parsed) throw new Error(parsed.diagnostics[0]?.message);
  const { inputs } = parsed;
  const { event, run, policy } = await receiveEvent({
    env,
    payload: delivery.payload,
    inputs,
    token: 't',
    directory,
    settings: {},
  });
  if (policy.kind !== 'run') return policy;
  const changed = await readChangedFiles({ event, directory, base: inputs.base, env, remote: readRemote(env, '') });
  const asked = makeOptions({ inputs, policy, run, changed, region: 'us-west-2' });
  const { targets } = await gatherLayers(asked, createFsWorkspace(directory));
  return {
    ...policy,
    trust: run.trust,
    layers: [...targets].sort(),
    changed: changed.known ? changed.files : changed.why,
  };
}

const ALL = ['app', 'base', 'other'];
const TOPIC = ['docs/topic.md', 'templates/app.yaml'];
const AFFECTED = {
  kind: 'run',
  affectedOnly: true,
  promote: false,
  offline: undefined,
  layers: ['app'],
  changed: TOPIC,
};
const EVERYTHING = { kind: 'run', affectedOnly: false, layers: ALL, pullRequest: undefined, offline: undefined };
const FORK = 'This pull request comes from a fork';
const DEPENDABOT = 'Dependabot opened this pull request, and the job has no `id-token: write`';

describe('every row of the table of events', () => {
  const expected: Readonly<Record<Situation, object>> = {
    'pull-request': { ...AFFECTED, pullRequest: 4, trust: 'pr' },
    fork: { ...AFFECTED, pullRequest: undefined, trust: 'pr', offline: FORK },
    dependabot: { ...AFFECTED, pullRequest: undefined, trust: 'pr', offline: DEPENDABOT },
    'closed-pull-request': { kind: 'nothing', why: 'the pull request was closed' },
    'pull-request-target': { ...AFFECTED, pullRequest: 4, trust: 'pr', layers: [], changed: [] },
    'default-branch': {
      ...EVERYTHING,
      promote: true,
      trust: 'main',
      changed: ['README.md', 'templates/other.yaml'],
    },
    branch: { ...AFFECTED, pullRequest: undefined, trust: 'pr' },
    tag: { ...EVERYTHING, promote: false, trust: 'pr', changed: 'refs/tags/v1 is a tag' },
    deletion: { kind: 'nothing', why: 'what the event is about was deleted' },
    'merge-group': { ...AFFECTED, pullRequest: undefined, trust: 'main' },
    'other-merge-group': { ...AFFECTED, pullRequest: undefined, trust: 'pr' },
    schedule: { ...EVERYTHING, promote: true, trust: 'main', changed: without('schedule') },
    dispatch: { ...EVERYTHING, promote: true, trust: 'main', changed: without('workflow_dispatch') },
    'branch-dispatch': { ...EVERYTHING, promote: false, trust: 'pr', changed: without('workflow_dispatch') },
    'workflow-run': { ...EVERYTHING, promote: false, trust: 'pr', changed: without('workflow_run') },
    'anything-else': { ...EVERYTHING, promote: false, trust: 'pr', changed: without('issue_comment') },
  };

  test.each(Object.keys(EVENT_TABLE) as Situation[])('%s', async (situation) => {
    const inputs = situation === 'dependabot' ? { 'role-to-assume': 'arn:aws:iam::1:role/r' } : {};
    const delivery = DELIVERIES[situation](commits);
    const checkout = situation === 'deletion' ? commits.main : delivery.sha;
    const row = expected[situation];
    const committedOnly = WITH_TRUST.includes(situation);
    expect(await deliver(delivery, { inputs, checkout })).toEqual('layers' in row ? { ...row, committedOnly } : row);
  });

  /** Images that are trusted, or credentials that are not for everybody: nothing may stand beside the commit. */
  const WITH_TRUST: readonly Situation[] = [
    'default-branch',
    'merge-group',
    'schedule',
    'dispatch',
    'pull-request-target',
    'workflow-run',
    'anything-else',
  ];

  function without(name: string): string {
    return `the event "${name}" has nothing to compare with`;
  }
});

describe('a pull request', () => {
  test.each<[string, Run]>([
    ['whose head is checked out', { checkout: 'refs/pull/4/head' }],
    ['whose merge is checked out with its parents', { options: { depth: 2 } }],
    ['in a checkout of the whole history', { options: { depth: 0 } }],
    ['in a checkout without files’ contents', { options: { filter: 'blob:none' } }],
    ['in a checkout without folders either', { options: { depth: 2, filter: 'tree:0' } }],
  ])('%s has the same changed files', async (_, run) => {
    expect(await deliver(pullRequest(commits), run)).toMatchObject(AFFECTED);
  });

  test.each(['pull_request_review', 'pull_request_review_comment'])('in %s is the same pull request', async (name) => {
    expect(await deliver(pullRequest(commits, { name }))).toMatchObject({ ...AFFECTED, pullRequest: 4 });
  });

  test('of Dependabot with a token of its own is as any other', async () => {
    const run = { inputs: { 'role-to-assume': 'arn:r' }, env: { ACTIONS_ID_TOKEN_REQUEST_URL: 'https://token' } };
    expect(await deliver(DELIVERIES.dependabot(commits), run)).toMatchObject({ offline: undefined, pullRequest: 4 });
  });

  test('run again is what it was', async () => {
    const again = { env: { GITHUB_RUN_ATTEMPT: '2' } };
    expect(await deliver(pullRequest(commits), again)).toEqual(await deliver(pullRequest(commits)));
  });
});

describe('a push', () => {
  const ZERO = '0'.repeat(40);

  test('that is the first of the default branch has nothing to compare with', async () => {
    expect(await deliver(push('refs/heads/main', ZERO, commits.main))).toMatchObject({
      layers: ALL,
      changed: 'this is the first push of refs/heads/main: there is nothing to compare with',
    });
  });

  test('that is the first of a branch is about the branch', async () => {
    expect(await deliver(push('refs/heads/topic', ZERO, commits.topic))).toMatchObject(AFFECTED);
  });

  test('that was forced is compared with the commit it left behind, as long as GitHub has it', async () => {
    const changed = ['README.md', 'templates/app.yaml', 'templates/base.yaml', 'templates/other.yaml'];
    expect(await deliver(push('refs/heads/main', commits.lost, commits.main, true))).toMatchObject({
      layers: ALL,
      promote: true,
      changed,
    });
  });

  test('whose commit before is nowhere looks at every layer and says so', async () => {
    const gone = 'd'.repeat(40);
    expect(await deliver(push('refs/heads/main', gone, commits.main))).toMatchObject({
      layers: ALL,
      changed: expect.stringMatching(
        new RegExp(
          `^the commit ${gone} before the push is not in this checkout, and git could not fetch it \\(.+\\)\\. Fix: `,
        ),
      ) as unknown,
    });
  });

  test('is about what is checked out, be it newer', async () => {
    expect(await deliver(push('refs/heads/main', commits.left, commits.before), { checkout: 'main' })).toMatchObject({
      changed: ['README.md', 'templates/other.yaml'],
    });
  });
});

describe('a run with the credentials of the default branch', () => {
  const cases: readonly [string, (commits: Commits) => Delivery][] = [
    ['pull_request_target', DELIVERIES['pull-request-target']],
    ['workflow_run', DELIVERIES['workflow-run']],
    ['issue_comment', DELIVERIES['anything-else']],
  ];

  test.each(cases)('of %s does not build what is not its own commit', async (name, delivery) => {
    expect(await deliver(delivery(commits), { checkout: 'refs/pull/4/head' })).toEqual({
      kind: 'refused',
      why:
        `the event \`${name}\` gives this run the credentials of the default branch, and what is checked out is not ` +
        "the run's own commit: whatever it says would be built with them",
      fix:
        'use `on: pull_request` to build pull requests (those of forks get a plan), or `command: plan`, ' +
        'or leave `ref` out of actions/checkout.',
    });
  });

  test('plans it without AWS', async () => {
    const run = { checkout: 'refs/pull/4/head', inputs: { command: 'plan' } };
    expect(await deliver(DELIVERIES['pull-request-target'](commits), run)).toMatchObject({
      ...AFFECTED,
      offline: 'The checkout is not the commit this run is for',
      pullRequest: 4,
    });
  });
});

describe('the inputs have the last word', () => {
  test('on layers, latest and the comment', async () => {
    const inputs = { select: 'all', 'tag-latest': 'true', comment: 'never' };
    expect(await deliver(pullRequest(commits), { inputs })).toMatchObject({
      layers: ALL,
      promote: true,
      pullRequest: undefined,
    });
    const main = DELIVERIES['default-branch'](commits);
    expect(await deliver(main, { inputs: { 'tag-latest': 'false' } })).toMatchObject({ promote: false });
    expect(await deliver(main, { inputs: { command: 'plan' } })).toMatchObject({ promote: false });
    expect(await deliver(main, { inputs: { select: 'affected' } })).toMatchObject({ layers: ['other'] });
  });

  test('on the base, which may be a branch, a tag or a commit that the checkout lacks', async () => {
    const dispatch = other('workflow_dispatch', commits, 'refs/heads/topic');
    for (const base of ['main', 'origin/main', 'v1', commits.left]) {
      const run = { checkout: 'topic', inputs: { base, select: 'affected' } };
      expect(await deliver(dispatch, run)).toMatchObject({ layers: ['app'], changed: TOPIC });
    }
  });

  test('on the pull request of a dispatch', async () => {
    const inputs = { 'pr-number': '9' };
    expect(await deliver(other('workflow_dispatch', commits), { inputs })).toMatchObject({ pullRequest: 9 });
    expect(await deliver(DELIVERIES.fork(commits), { inputs })).toMatchObject({ pullRequest: undefined });
  });
});

describe('the command sweep', () => {
  const inputs = { command: 'sweep' };

  test.each<Situation>(['branch', 'closed-pull-request', 'schedule', 'pull-request-target'])(
    'runs for %s',
    async (at) => {
      expect(await deliver(DELIVERIES[at](commits), { inputs })).toEqual({ kind: 'sweep' });
    },
  );

  test('does nothing for a fork, which has no credentials', async () => {
    expect(await deliver(DELIVERIES.fork(commits), { inputs })).toEqual({
      kind: 'nothing',
      why: 'the pull request is from a fork',
    });
  });
});
