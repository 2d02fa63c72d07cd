import type { Environment, GithubEvent, PullRequestEvent, PushEvent } from '../github/event.js';
import type { Inputs } from '../inputs.js';
import type { Situation } from './event-table.js';

const DISPATCHES = new Set(['workflow_dispatch', 'repository_dispatch']);

/** Which row of the table of events a run is in. */
export function situationOf(event: GithubEvent, inputs: Pick<Inputs, 'roleToAssume'>, env: Environment): Situation {
  switch (event.kind) {
    case 'pull_request':
      return ofPullRequest(event, inputs, env);
    case 'push':
      return ofPush(event);
    case 'merge_group':
      return event.intoDefaultBranch ? 'merge-group' : 'other-merge-group';
    case 'other':
      if (event.name === 'schedule') return 'schedule';
      if (DISPATCHES.has(event.name)) return event.onDefaultBranch ? 'dispatch' : 'branch-dispatch';
      if (event.name === 'release') return 'tag';
      if (event.name === 'delete') return 'deletion';
      return event.name === 'workflow_run' ? 'workflow-run' : 'anything-else';
  }
}

function ofPullRequest(event: PullRequestEvent, inputs: Pick<Inputs, 'roleToAssume'>, env: Environment): Situation {
  if (event.action === 'closed') return 'closed-pull-request';
  if (event.target) return 'pull-request-target';
  if (event.fork) return 'fork';
  // Anybody else's run without a token has forgotten the permission, and is told so when the role is assumed.
  const signsIn = inputs.roleToAssume === undefined || env.ACTIONS_ID_TOKEN_REQUEST_URL !== undefined;
  return env.GITHUB_ACTOR === 'dependabot[bot]' && !signsIn ? 'dependabot' : 'pull-request';
}

function ofPush({ deleted, ref, onDefaultBranch }: PushEvent): Situation {
  if (deleted) return 'deletion';
  if (ref.startsWith('refs/tags/')) return 'tag';
  return onDefaultBranch ? 'default-branch' : 'branch';
}
