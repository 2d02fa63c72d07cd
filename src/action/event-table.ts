import type { RunIdentity } from '../run-identity.js';

/** What an event makes of a run when the inputs say nothing. */
export interface EventRow {
  /** The event in the words of docs/github.md, which shows this table. */
  readonly event: string;
  /** `affected`: what the changed files affect, or all where those are not known. `none`: there is nothing to do. */
  readonly layers: 'affected' | 'all' | 'none';
  /** What changed files are counted from, in words; empty: they are not looked for. */
  readonly since: string;
  /** Without AWS there is only a plan, and which images exist is not known. */
  readonly aws: boolean;
  /** Whether validated images become latest. */
  readonly latest: 'moves' | 'stays';
  /** What its images say of the code they were made from. */
  readonly trust: RunIdentity['trust'];
  /** Whether there is a pull request to comment on, and a token that may. */
  readonly comment: boolean;
  /** The run has the default branch's credentials, so its checkout must be the run's own commit to build anything. */
  readonly guarded: boolean;
  /** What makes the step fail, in words. */
  readonly fails: string;
}

const ANY_FAILURE = 'any failure';
const NEVER = 'never';

const NOTHING = {
  layers: 'none',
  since: '',
  aws: false,
  latest: 'stays',
  trust: 'pr',
  comment: false,
  guarded: false,
  fails: NEVER,
} as const;

const PULL_REQUEST = {
  layers: 'affected',
  since: 'what it would be merged into',
  aws: true,
  latest: 'stays',
  trust: 'pr',
  comment: true,
  guarded: false,
  fails: ANY_FAILURE,
} as const;

const WITHOUT_AWS = { ...PULL_REQUEST, aws: false, comment: false, fails: 'problems in templates' } as const;

const ALL = { ...PULL_REQUEST, layers: 'all', since: '', comment: false } as const;

const OWN_CODE = { ...ALL, latest: 'moves', trust: 'main' } as const;

/** The table of events. All of it is data: decideByEvent reads it, docs/github.md shows it, a test runs every row. */
export const EVENT_TABLE = {
  'pull-request': { ...PULL_REQUEST, event: '`pull_request`, a branch of the same repository' },
  fork: { ...WITHOUT_AWS, event: '`pull_request`, from a fork' },
  dependabot: { ...WITHOUT_AWS, event: '`pull_request` by Dependabot, without `id-token: write`' },
  'closed-pull-request': { ...NOTHING, event: '`pull_request` or `pull_request_target` with `closed`' },
  'pull-request-target': { ...PULL_REQUEST, guarded: true, event: '`pull_request_target`' },
  'default-branch': { ...OWN_CODE, since: 'the commit before the push', event: '`push` to the default branch' },
  branch: {
    ...PULL_REQUEST,
    since: 'where it left the default branch',
    comment: false,
    event: '`push` to another branch',
  },
  tag: { ...ALL, event: '`push` of a tag, `release`' },
  deletion: { ...NOTHING, event: '`push` that deletes a branch or a tag, `delete`' },
  'merge-group': {
    ...PULL_REQUEST,
    since: 'what it would be merged into',
    trust: 'main',
    comment: false,
    event: '`merge_group` for the default branch',
  },
  'other-merge-group': { ...PULL_REQUEST, comment: false, event: '`merge_group` for another branch' },
  schedule: { ...OWN_CODE, event: '`schedule`' },
  dispatch: { ...OWN_CODE, event: '`workflow_dispatch`, `repository_dispatch` on the default branch' },
  'branch-dispatch': { ...ALL, event: '`workflow_dispatch` on another branch or a tag' },
  'workflow-run': { ...ALL, guarded: true, event: '`workflow_run`' },
  'anything-else': { ...ALL, guarded: true, event: 'anything else (`issue_comment`, …)' },
} as const satisfies Readonly<Record<string, EventRow>>;

export type Situation = keyof typeof EVENT_TABLE;
