import { LOCAL_SCOPE } from '../images/tags.js';
import type { RunIdentity } from '../run-identity.js';
import type { Environment, GithubEvent } from './event.js';

export interface RunOptions {
  readonly env: Environment;
  readonly event: GithubEvent;
  /** Random; see RunIdentity. */
  readonly token: string;
  readonly trust: RunIdentity['trust'];
  /** What was asked for; undefined: the repository. */
  readonly scope: string | undefined;
}

/** Who this run is. The commit of a pull request is its head: the merge commit that is checked out is nobody's. */
export function readRunIdentity({ env, event, token, trust, scope }: RunOptions): RunIdentity {
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
    scope: scope ?? repository ?? LOCAL_SCOPE,
    commit: event.kind === 'pull_request' ? event.headSha : env.GITHUB_SHA,
    ref: env.GITHUB_REF,
    pullRequest: event.kind === 'pull_request' ? event.number : undefined,
    trust,
  };
}

function readCount(text: string | undefined): number {
  const count = Number(text ?? '');
  return Number.isSafeInteger(count) && count > 0 ? count : 1;
}
