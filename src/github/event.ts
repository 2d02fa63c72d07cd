import { z } from 'zod';

/** A pull request and what is to be said of it, whichever event brought it. */
export interface PullRequestEvent {
  readonly kind: 'pull_request';
  /** The run belongs to the target branch: its commit, its secrets, a writing token, whoever opened the pull request. */
  readonly target: boolean;
  /** `opened`, `synchronize`, `closed`, … */
  readonly action: string;
  readonly number: number;
  readonly baseRef: string;
  readonly baseSha: string;
  readonly headSha: string;
  /** Its branch is in another repository: the run has neither a writing token nor OIDC. */
  readonly fork: boolean;
}

export interface PushEvent {
  readonly kind: 'push';
  /** `refs/heads/main`, `refs/tags/v1` */
  readonly ref: string;
  /** All zeros for the first push of a branch. */
  readonly before: string;
  /** All zeros for the deletion of a branch. */
  readonly after: string;
  readonly forced: boolean;
  readonly deleted: boolean;
  /** Its name; undefined where the payload does not say. */
  readonly defaultBranch: string | undefined;
  readonly onDefaultBranch: boolean;
}

export interface MergeGroupEvent {
  readonly kind: 'merge_group';
  /** What the group is merged into, with the groups before it. */
  readonly baseSha: string;
  readonly headSha: string;
  readonly intoDefaultBranch: boolean;
}

/** What made GitHub start the run, as far as this tool acts on it. */
export type GithubEvent =
  | PullRequestEvent
  | PushEvent
  | MergeGroupEvent
  /** Everything else, also a payload that does not look as GitHub's do. */
  | { readonly kind: 'other'; readonly name: string; readonly onDefaultBranch: boolean };

export type Environment = Readonly<Record<string, string | undefined>>;

const ZERO_SHA = /^0+$/;

/** All of them carry the pull request, and but for the first the run is GitHub's merge of it, as with `pull_request`. */
const PULL_REQUEST_EVENTS = new Set([
  'pull_request_target',
  'pull_request',
  'pull_request_review',
  'pull_request_review_comment',
]);

const REPOSITORY = z.object({ repository: z.object({ default_branch: z.string() }) });

const PULL_REQUEST = z.object({
  action: z.string(),
  pull_request: z.object({
    number: z.number(),
    base: z.object({ ref: z.string(), sha: z.string(), repo: z.object({ full_name: z.string() }) }),
    // The repository of a fork may be deleted while its pull request is open.
    head: z.object({ sha: z.string(), repo: z.object({ full_name: z.string() }).nullable() }),
  }),
});

const PUSH = z.object({
  ref: z.string(),
  before: z.string(),
  after: z.string(),
  forced: z.boolean().default(false),
  deleted: z.boolean().default(false),
});

const MERGE_GROUP = z.object({
  merge_group: z.object({ base_sha: z.string(), base_ref: z.string(), head_sha: z.string() }),
});

/** There is one to parse: compiling a schema for it would take longer. */
const ONCE = { jitless: true };

/** `payload` is the parsed content of the file that `GITHUB_EVENT_PATH` names. */
export function readEvent(env: Environment, payload: unknown): GithubEvent {
  const name = env.GITHUB_EVENT_NAME ?? 'none';
  const defaultBranch = readDefaultBranch(payload);
  // A schedule only ever runs on the default branch, and its payload may not name the repository.
  const onDefaultBranch =
    name === 'schedule' || (defaultBranch !== undefined && env.GITHUB_REF === `refs/heads/${defaultBranch}`);
  const other: GithubEvent = { kind: 'other', name, onDefaultBranch };
  if (PULL_REQUEST_EVENTS.has(name)) return readPullRequest(name, payload) ?? other;
  if (name === 'push') {
    const parsed = PUSH.safeParse(payload, ONCE);
    return parsed.success ? { kind: 'push', ...parsed.data, defaultBranch, onDefaultBranch } : other;
  }
  if (name === 'merge_group') return readMergeGroup(payload, defaultBranch) ?? other;
  return other;
}

/** No commit: what a push says it came from or went to when there is none. */
export function isZeroSha(sha: string): boolean {
  return ZERO_SHA.test(sha);
}

function readPullRequest(name: string, payload: unknown): GithubEvent | undefined {
  const parsed = PULL_REQUEST.safeParse(payload, ONCE);
  if (!parsed.success) return undefined;
  const { action, pull_request: pull } = parsed.data;
  return {
    kind: 'pull_request',
    target: name === 'pull_request_target',
    action,
    number: pull.number,
    baseRef: pull.base.ref,
    baseSha: pull.base.sha,
    headSha: pull.head.sha,
    fork: pull.head.repo?.full_name !== pull.base.repo.full_name,
  };
}

function readMergeGroup(payload: unknown, defaultBranch: string | undefined): GithubEvent | undefined {
  const parsed = MERGE_GROUP.safeParse(payload, ONCE);
  if (!parsed.success) return undefined;
  const { base_sha: baseSha, base_ref: baseRef, head_sha: headSha } = parsed.data.merge_group;
  const intoDefaultBranch = defaultBranch !== undefined && baseRef === `refs/heads/${defaultBranch}`;
  return { kind: 'merge_group', baseSha, headSha, intoDefaultBranch };
}

function readDefaultBranch(payload: unknown): string | undefined {
  const parsed = REPOSITORY.safeParse(payload, ONCE);
  return parsed.success ? parsed.data.repository.default_branch : undefined;
}
