import { z } from 'zod';
import { LOCAL_SCOPE } from '../images/tags.js';
import type { RunIdentity } from '../run-identity.js';
import type { Environment } from './event.js';
import { openOctokit } from './octokit.js';
import type { Remote } from './remote.js';

/** The run that ended, as the event `workflow_run` has it: GitHub's word, not the pull request's. */
export interface WorkflowRun {
  readonly identity: RunIdentity;
  /** The pull request's branch: `somebody:topic`. */
  readonly head: string;
  readonly headSha: string;
}

const WORKFLOW_RUN = z.object({
  workflow_run: z.object({
    id: z.number(),
    run_number: z.number(),
    run_attempt: z.number().default(1),
    event: z.string(),
    head_branch: z.string(),
    head_sha: z.string(),
    head_repository: z.object({ owner: z.object({ login: z.string() }) }),
  }),
});

/** Undefined when the event is none, or the run was not for a pull request. */
export function readWorkflowRun(env: Environment, payload: unknown): WorkflowRun | undefined {
  const parsed = WORKFLOW_RUN.safeParse(payload);
  if (env.GITHUB_EVENT_NAME !== 'workflow_run' || !parsed.success) return undefined;
  const { workflow_run: run } = parsed.data;
  if (run.event !== 'pull_request') return undefined;
  const { GITHUB_SERVER_URL: server, GITHUB_REPOSITORY: repository } = env;
  return {
    head: `${run.head_repository.owner.login}:${run.head_branch}`,
    headSha: run.head_sha,
    identity: {
      id: String(run.id),
      number: run.run_number,
      attempt: run.run_attempt,
      token: '',
      url:
        server === undefined || repository === undefined ? undefined : `${server}/${repository}/actions/runs/${run.id}`,
      repository,
      scope: repository ?? LOCAL_SCOPE,
      commit: run.head_sha,
      ref: undefined,
      pullRequest: undefined,
      trust: 'pr',
    },
  };
}

const API_TIMEOUT_MS = 60_000;

/**
 * The open pull request that the run was for: from its branch, and at the run's commit. GitHub leaves it out of the
 * event when it comes from a fork. Throws what Octokit throws.
 */
export async function findPullRequest(
  { head, headSha }: WorkflowRun,
  { apiUrl, repository, token }: Remote,
): Promise<number | undefined> {
  const { request } = openOctokit(token, apiUrl);
  const [owner = '', repo = ''] = repository.split('/');
  const limit = { request: { signal: AbortSignal.timeout(API_TIMEOUT_MS) } };
  const asked = { owner, repo, head, state: 'open', ...limit } as const;
  const { data } = await request('GET /repos/{owner}/{repo}/pulls', asked);
  return data.find((pull) => pull.head.sha === headSha)?.number;
}
