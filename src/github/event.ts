import { z } from 'zod';
import type { RunIdentity } from '../run-identity.js';

/** What made GitHub start the run, as far as this tool acts on it. */
export type GithubEvent =
  | {
      readonly kind: 'pull_request';
      /** `opened`, `synchronize`, `closed`, … */
      readonly action: string;
      readonly number: number;
      readonly baseRef: string;
      readonly baseSha: string;
      readonly headSha: string;
      /** Its branch is in another repository: the run has neither a writing token nor OIDC. */
      readonly fork: boolean;
    }
  | {
      readonly kind: 'push';
      /** `refs/heads/main` */
      readonly ref: string;
      /** All zeros for the first push of a branch. */
      readonly before: string;
      /** All zeros for the deletion of a branch. */
      readonly after: string;
      readonly forced: boolean;
      readonly deleted: boolean;
      readonly onDefaultBranch: boolean;
    }
  /** Everything else, also a payload that does not look as GitHub's do. */
  | { readonly kind: 'other'; readonly name: string; readonly onDefaultBranch: boolean };

export type Environment = Readonly<Record<string, string | undefined>>;

const ZERO_SHA = /^0+$/;

/** Started by people or the clock on the branch's own code; `pull_request_target` and `workflow_run` are not. */
const TRUSTED_EVENTS = new Set(['schedule', 'workflow_dispatch', 'repository_dispatch']);

const REPOSITORY = z.object({ repository: z.object({ default_branch: z.string() }) });

const PULL_REQUEST = z.object({
  action: z.string(),
  number: z.number(),
  pull_request: z.object({
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

/** `payload` is the parsed content of the file that `GITHUB_EVENT_PATH` names. */
export function readEvent(env: Environment, payload: unknown): GithubEvent {
  const name = env.GITHUB_EVENT_NAME ?? 'none';
  const other: GithubEvent = { kind: 'other', name, onDefaultBranch: isOnDefaultBranch(env, payload) };
  if (name === 'pull_request') return readPullRequest(payload) ?? other;
  if (name === 'push') return readPush(env, payload) ?? other;
  return other;
}

/** No commit: what a push says it came from or went to when there is none. */
export function isZeroSha(sha: string): boolean {
  return ZERO_SHA.test(sha);
}

export interface RunOptions {
  readonly env: Environment;
  readonly event: GithubEvent;
  /** Random; see RunIdentity. */
  readonly token: string;
}

/** Who this run is. The commit of a pull request is its head: the merge commit that is checked out is nobody's. */
export function readRunIdentity({ env, event, token }: RunOptions): RunIdentity {
  const id = env.GITHUB_RUN_ID ?? '0';
  const repository = env.GITHUB_REPOSITORY;
  const server = env.GITHUB_SERVER_URL;
  return {
    id,
    number: readCount(env.GITHUB_RUN_NUMBER),
    attempt: readCount(env.GITHUB_RUN_ATTEMPT),
    token,
    url: server === undefined || repository === undefined ? undefined : `${server}/${repository}/actions/runs/${id}`,
    repository,
    commit: event.kind === 'pull_request' ? event.headSha : env.GITHUB_SHA,
    ref: env.GITHUB_REF,
    pullRequest: event.kind === 'pull_request' ? event.number : undefined,
    trust: isTrusted(event) ? 'main' : 'pr',
  };
}

/** Only the default branch's own code may move `latest` and vouch for an image. */
function isTrusted(event: GithubEvent): boolean {
  switch (event.kind) {
    case 'pull_request':
      return false;
    case 'push':
      return event.onDefaultBranch && !event.deleted;
    case 'other':
      return event.onDefaultBranch && TRUSTED_EVENTS.has(event.name);
  }
}

function readPullRequest(payload: unknown): GithubEvent | undefined {
  const parsed = PULL_REQUEST.safeParse(payload);
  if (!parsed.success) return undefined;
  const { action, number, pull_request: pull } = parsed.data;
  return {
    kind: 'pull_request',
    action,
    number,
    baseRef: pull.base.ref,
    baseSha: pull.base.sha,
    headSha: pull.head.sha,
    fork: pull.head.repo?.full_name !== pull.base.repo.full_name,
  };
}

function readPush(env: Environment, payload: unknown): GithubEvent | undefined {
  const parsed = PUSH.safeParse(payload);
  return parsed.success
    ? { kind: 'push', ...parsed.data, onDefaultBranch: isOnDefaultBranch(env, payload) }
    : undefined;
}

/** A schedule only ever runs on the default branch, and its payload does not name the repository. */
function isOnDefaultBranch(env: Environment, payload: unknown): boolean {
  if (env.GITHUB_EVENT_NAME === 'schedule') return true;
  const parsed = REPOSITORY.safeParse(payload);
  return parsed.success && env.GITHUB_REF === `refs/heads/${parsed.data.repository.default_branch}`;
}

function readCount(text: string | undefined): number {
  const count = Number(text ?? '');
  return Number.isSafeInteger(count) && count > 0 ? count : 1;
}
