import type { components } from '@octokit/openapi-types';
import type { PullRequestState } from './event.js';

type Schemas = components['schemas'];
export type IssueComment = Schemas['issue-comment'] & { readonly id: number; readonly body: string };
export type DiffEntry = Schemas['diff-entry'];

export interface CommentChange {
  readonly kind: 'created' | 'updated' | 'deleted';
  readonly pullRequest: number;
  readonly comment: IssueComment;
}

export interface PullRequestFile {
  readonly path: string;
  readonly status: DiffEntry['status'];
}

/** The parts of GitHub's pull request that stand for something here. */
export type PullRequest = Pick<
  Schemas['pull-request'],
  | 'url'
  | 'id'
  | 'node_id'
  | 'html_url'
  | 'issue_url'
  | 'comments_url'
  | 'number'
  | 'state'
  | 'locked'
  | 'title'
  | 'user'
  | 'body'
> &
  Pick<Schemas['pull-request'], 'merge_commit_sha' | 'merged' | 'draft' | 'comments' | 'changed_files'> & {
    readonly base: Pick<Schemas['pull-request']['base'], 'label' | 'ref' | 'sha'>;
    readonly head: Pick<Schemas['pull-request']['head'], 'label' | 'ref' | 'sha'>;
  };

/** GitHub's answer to a request that it refuses. */
export interface Refusal {
  readonly message: string;
  readonly documentation_url: string;
  readonly status: string;
  readonly errors?: readonly object[];
}

/** Where the API and the pages of one repository are. */
export interface Addresses {
  readonly apiUrl: string;
  readonly serverUrl: string;
  /** `owner/name` */
  readonly repository: string;
}

/** The user that writes with the token of a workflow run. */
export const ACTIONS_BOT = userShape('github-actions[bot]', 41_898_282, 'Bot');

export function userShape(login: string, id: number, type: 'User' | 'Bot'): Schemas['simple-user'] {
  const url = `https://api.github.com/users/${encodeURIComponent(login)}`;
  return {
    login,
    id,
    node_id: Buffer.from(`04:User${id}`).toString('base64'),
    avatar_url: `https://avatars.githubusercontent.com/u/${id}?v=4`,
    gravatar_id: '',
    url,
    html_url: `https://github.com/${login}`,
    followers_url: `${url}/followers`,
    following_url: `${url}/following{/other_user}`,
    gists_url: `${url}/gists{/gist_id}`,
    starred_url: `${url}/starred{/owner}{/repo}`,
    subscriptions_url: `${url}/subscriptions`,
    organizations_url: `${url}/orgs`,
    repos_url: `${url}/repos`,
    events_url: `${url}/events{/privacy}`,
    received_events_url: `${url}/received_events`,
    type,
    site_admin: false,
  };
}

interface CommentParts {
  readonly id: number;
  readonly issue: number;
  readonly body: string;
  /** ISO 8601. */
  readonly now: string;
  readonly addresses: Addresses;
}

export function commentShape({ id, issue, body, now, addresses }: CommentParts): IssueComment {
  const { apiUrl, serverUrl, repository } = addresses;
  return {
    id,
    node_id: Buffer.from(`IC_${id}`).toString('base64'),
    url: `${apiUrl}/repos/${repository}/issues/comments/${id}`,
    html_url: `${serverUrl}/${repository}/pull/${issue}#issuecomment-${id}`,
    issue_url: `${apiUrl}/repos/${repository}/issues/${issue}`,
    user: ACTIONS_BOT,
    author_association: 'CONTRIBUTOR',
    body,
    created_at: now,
    updated_at: now,
  };
}

export function pullRequestShape(
  pull: PullRequestState,
  counts: { readonly comments: number; readonly files: number },
  { apiUrl, serverUrl, repository }: Addresses,
): PullRequest {
  const [owner = ''] = repository.split('/');
  const { number, title, author, base, head, mergeSha } = pull;
  return {
    id: number,
    node_id: Buffer.from(`PR_${number}`).toString('base64'),
    number,
    title,
    body: null,
    state: 'open',
    locked: false,
    draft: false,
    merged: false,
    merge_commit_sha: mergeSha,
    url: `${apiUrl}/repos/${repository}/pulls/${number}`,
    issue_url: `${apiUrl}/repos/${repository}/issues/${number}`,
    comments_url: `${apiUrl}/repos/${repository}/issues/${number}/comments`,
    html_url: `${serverUrl}/${repository}/pull/${number}`,
    user: userShape(author, 1, 'User'),
    base: { ...base, label: `${owner}:${base.ref}` },
    head: { ...head, label: `${owner}:${head.ref}` },
    comments: counts.comments,
    changed_files: counts.files,
  };
}

export function diffEntryShape(file: PullRequestFile, sha: string, at: Addresses): DiffEntry {
  const path = encodeURI(file.path);
  return {
    sha,
    filename: file.path,
    status: file.status,
    additions: 0,
    deletions: 0,
    changes: 0,
    blob_url: `${at.serverUrl}/${at.repository}/blob/${sha}/${path}`,
    raw_url: `${at.serverUrl}/${at.repository}/raw/${sha}/${path}`,
    contents_url: `${at.apiUrl}/repos/${at.repository}/contents/${path}?ref=${sha}`,
  };
}
