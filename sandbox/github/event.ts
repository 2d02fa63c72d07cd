/** What starts a workflow: its name, its payload, and the variables that GitHub derives from them. */
export interface WorkflowEvent {
  readonly name: string;
  readonly payload: object;
  readonly actor: string;
  /** GITHUB_REF: `refs/pull/7/merge` for a pull request. */
  readonly ref: string;
  /** GITHUB_SHA: the merge commit for a pull request. */
  readonly sha: string;
  /** Names of the branches of a pull request; empty for a push. */
  readonly baseRef: string;
  readonly headRef: string;
}

export interface Branch {
  readonly ref: string;
  readonly sha: string;
}

export interface PullRequestState {
  readonly number: number;
  readonly title: string;
  readonly author: string;
  readonly base: Branch;
  readonly head: Branch;
  /** `owner/name` of the fork that the head is in; otherwise it is in the repository itself. */
  readonly fork?: string;
  /** The test merge that `refs/pull/N/merge` names. */
  readonly mergeSha: string;
}

const DEFAULT_BRANCH = 'main';

function repositoryPayload(repository: string) {
  const [owner = '', name = ''] = repository.split('/');
  return { id: 1, name, full_name: repository, default_branch: DEFAULT_BRANCH, fork: false, owner: { login: owner } };
}

function headPayload(head: Branch, repo: ReturnType<typeof repositoryPayload>) {
  return { ...head, label: `${repo.owner.login}:${head.ref}`, repo };
}

/** `pull_request` of a pull request from a branch of the same repository, or of a fork. */
export function pullRequestEvent(
  repository: string,
  pull: PullRequestState,
  action: 'opened' | 'synchronize' = 'opened',
): WorkflowEvent {
  const repo = repositoryPayload(repository);
  const { number, title, author, base, head, mergeSha } = pull;
  return {
    name: 'pull_request',
    payload: {
      action,
      number,
      pull_request: {
        number,
        title,
        state: 'open',
        draft: false,
        user: { login: author },
        merge_commit_sha: mergeSha,
        html_url: `https://github.com/${repository}/pull/${number}`,
        base: { ...base, label: `${repo.owner.login}:${base.ref}`, repo },
        head: headPayload(head, pull.fork === undefined ? repo : repositoryPayload(pull.fork)),
      },
      repository: repo,
      sender: { login: author },
    },
    actor: author,
    ref: `refs/pull/${number}/merge`,
    sha: mergeSha,
    baseRef: base.ref,
    headRef: head.ref,
  };
}

export interface Push {
  readonly branch: string;
  readonly before: string;
  readonly after: string;
  readonly author: string;
  readonly forced?: boolean;
}

/** `push` to a branch. */
export function pushEvent(repository: string, { branch, before, after, author, forced = false }: Push): WorkflowEvent {
  const ref = `refs/heads/${branch}`;
  return {
    name: 'push',
    payload: {
      ref,
      before,
      after,
      forced,
      created: /^0+$/.test(before),
      deleted: false,
      base_ref: null,
      compare: `https://github.com/${repository}/compare/${before.slice(0, 12)}...${after.slice(0, 12)}`,
      head_commit: { id: after },
      repository: repositoryPayload(repository),
      pusher: { name: author },
      sender: { login: author },
    },
    actor: author,
    ref,
    sha: after,
    baseRef: '',
    headRef: '',
  };
}
