import type { components } from '@octokit/openapi-types';
import type { Branch, PullRequestState } from './event.js';
import { exampleOf } from './openapi.js';

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

export type PullRequest = Schemas['pull-request'];
export type ListedPullRequest = Schemas['pull-request-simple'];
export type Comparison = Schemas['commit-comparison'];

/** Two commits, as far as they are compared. */
export interface ComparisonState {
  readonly base: string;
  readonly head: string;
  readonly mergeBase: string;
  readonly files: readonly PullRequestFile[];
}

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
    // An App's page has the App's name, which is its login without what says that it is one.
    html_url: `https://github.com/${type === 'Bot' ? `apps/${login.replace('[bot]', '')}` : login}`,
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

/** GitHub's example, with what stands for something here. */
export function pullRequestShape(
  pull: PullRequestState,
  counts: { readonly comments: number; readonly files: number },
  addresses: Addresses,
): PullRequest {
  const example = exampleOf<PullRequest>('pull-request');
  return {
    ...example,
    ...ownParts(pull, addresses),
    base: branchShape(example.base, pull.base, addresses.repository),
    head: branchShape(example.head, pull.head, pull.fork ?? addresses.repository),
    merged: false,
    merge_commit_sha: pull.mergeSha,
    comments: counts.comments,
    changed_files: counts.files,
    requested_teams: [],
  };
}

/** The same as one of a list, which has less of it. */
export function listedPullRequestShape(pull: PullRequestState, addresses: Addresses): ListedPullRequest {
  const [example] = exampleOf<readonly ListedPullRequest[]>('pull-request-simple-items');
  if (example === undefined) throw new Error('the example of a list of pull requests is empty');
  return {
    ...example,
    ...ownParts(pull, addresses),
    base: branchShape(example.base, pull.base, addresses.repository),
    head: branchShape(example.head, pull.head, pull.fork ?? addresses.repository),
    merge_commit_sha: pull.mergeSha,
    requested_teams: [],
  };
}

function ownParts({ number, title, author }: PullRequestState, { apiUrl, serverUrl, repository }: Addresses) {
  return {
    id: number,
    node_id: Buffer.from(`PR_${number}`).toString('base64'),
    number,
    title,
    body: null,
    state: 'open' as const,
    locked: false,
    draft: false,
    merged_at: null,
    closed_at: null,
    url: `${apiUrl}/repos/${repository}/pulls/${number}`,
    issue_url: `${apiUrl}/repos/${repository}/issues/${number}`,
    comments_url: `${apiUrl}/repos/${repository}/issues/${number}/comments`,
    html_url: `${serverUrl}/${repository}/pull/${number}`,
    user: userShape(author, 1, 'User'),
  };
}

function branchShape<Shape extends { readonly repo: object }>(
  example: Shape,
  { ref, sha }: Branch,
  repository: string,
): Shape {
  const [owner = '', name = ''] = repository.split('/');
  return { ...example, label: `${owner}:${ref}`, ref, sha, repo: { ...example.repo, full_name: repository, name } };
}

/** What `compare/{base}...{head}` says: the files since the two parted. */
export function comparisonShape({ mergeBase, files, head }: ComparisonState, addresses: Addresses): Comparison {
  const example = exampleOf<Comparison>('commit-comparison');
  return {
    ...example,
    merge_base_commit: { ...example.merge_base_commit, sha: mergeBase },
    files: files.map((file) => diffEntryShape(file, head, addresses)),
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
