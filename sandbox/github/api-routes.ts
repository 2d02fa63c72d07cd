import { z } from 'zod';
import { INACCESSIBLE, invalid, NOT_FOUND, page, refuse, type Answer } from './api-answer.js';
import {
  commentShape,
  comparisonShape,
  diffEntryShape,
  listedPullRequestShape,
  pullRequestShape,
  type Addresses,
  type CommentChange,
  type ComparisonState,
  type IssueComment,
  type PullRequestFile,
} from './api-shapes.js';
import type { PullRequestState } from './event.js';

/** What the repository holds, as far as this API knows. */
export interface Store {
  readonly pulls: Map<number, { readonly pull: PullRequestState; readonly files: readonly PullRequestFile[] }>;
  readonly comparisons: ComparisonState[];
  readonly comments: Map<number, { readonly pullRequest: number; readonly comment: IssueComment }>;
  readonly nextCommentId: () => number;
}

const FIRST_COMMENT_ID = 2_000_000_001;

export function makeStore(): Store {
  let next = FIRST_COMMENT_ID;
  return { pulls: new Map(), comparisons: [], comments: new Map(), nextCommentId: () => next++ };
}

/** A request that may be served, taken apart. */
export interface Call {
  readonly store: Store;
  readonly addresses: Addresses;
  readonly url: URL;
  /** The number in the path: of a pull request or of a comment. */
  readonly number: number;
  /** The request's body. */
  readonly text: string;
  readonly now: () => Date;
  readonly onComment: (change: CommentChange) => void;
}

/** In a path `@` stands for the repository, `#` for a number, `*` for two commits. */
type Route = readonly [method: string, path: string, change: 'reads' | 'writes', serve: (call: Call) => Answer];

export const ROUTES: readonly Route[] = [
  // A workflow run's token stands for no user (docs.github.com, REST API endpoints for users).
  ['GET', '/user', 'reads', () => INACCESSIBLE],
  ['GET', '/repos/@/issues/#/comments', 'reads', listComments],
  ['POST', '/repos/@/issues/#/comments', 'writes', createComment],
  [
    'GET',
    '/repos/@/issues/comments/#',
    'reads',
    ({ store, number }) => foundComment(store.comments.get(number)?.comment),
  ],
  ['PATCH', '/repos/@/issues/comments/#', 'writes', updateComment],
  ['DELETE', '/repos/@/issues/comments/#', 'writes', deleteComment],
  ['GET', '/repos/@/compare/*', 'reads', compareCommits],
  ['GET', '/repos/@/pulls', 'reads', listPullRequests],
  ['GET', '/repos/@/pulls/#', 'reads', getPullRequest],
  ['GET', '/repos/@/pulls/#/files', 'reads', listFiles],
];

/** The comments of a pull request, oldest first. */
export function commentsOf(store: Store, pullRequest: number): IssueComment[] {
  return [...store.comments.values()]
    .filter((entry) => entry.pullRequest === pullRequest)
    .map(({ comment }) => comment);
}

function listComments(call: Call): Answer {
  return call.store.pulls.has(call.number) ? page(call.url, commentsOf(call.store, call.number)) : NOT_FOUND;
}

function createComment(call: Call): Answer {
  const { store, number: pullRequest, addresses } = call;
  if (!store.pulls.has(pullRequest)) return NOT_FOUND;
  const checked = bodyOf(call.text);
  if (!checked.ok) return checked.answer;
  const id = store.nextCommentId();
  const comment = commentShape({ id, issue: pullRequest, body: checked.body, now: timeOf(call), addresses });
  store.comments.set(id, { pullRequest, comment });
  call.onComment({ kind: 'created', pullRequest, comment });
  return { status: 201, body: comment, headers: { location: comment.url } };
}

function updateComment(call: Call): Answer {
  const found = call.store.comments.get(call.number);
  if (!found) return NOT_FOUND;
  const checked = bodyOf(call.text);
  if (!checked.ok) return checked.answer;
  const comment = { ...found.comment, body: checked.body, updated_at: timeOf(call) };
  call.store.comments.set(call.number, { ...found, comment });
  call.onComment({ kind: 'updated', pullRequest: found.pullRequest, comment });
  return { status: 200, body: comment };
}

function deleteComment(call: Call): Answer {
  const found = call.store.comments.get(call.number);
  if (!found) return NOT_FOUND;
  call.store.comments.delete(call.number);
  call.onComment({ kind: 'deleted', ...found });
  return { status: 204 };
}

function foundComment(comment: IssueComment | undefined): Answer {
  return comment ? { status: 200, body: comment } : NOT_FOUND;
}

function compareCommits({ store, url, addresses }: Call): Answer {
  const [base, head] = decodeURIComponent(url.pathname).split('/').at(-1)?.split('...') ?? [];
  const found = store.comparisons.find((comparison) => comparison.base === base && comparison.head === head);
  return found ? { status: 200, body: comparisonShape(found, addresses) } : NOT_FOUND;
}

/** Open ones; `head` is `owner:branch`, and GitHub ignores one that is not. */
function listPullRequests({ store, url, addresses }: Call): Answer {
  const head = url.searchParams.get('head');
  const shapes = [...store.pulls.values()].map(({ pull }) => listedPullRequestShape(pull, addresses));
  return page(
    url,
    shapes.filter(({ head: { label } }) => head?.includes(':') !== true || label === head),
  );
}

function getPullRequest({ store, number, addresses }: Call): Answer {
  const found = store.pulls.get(number);
  if (!found) return NOT_FOUND;
  const counts = { comments: commentsOf(store, number).length, files: found.files.length };
  return { status: 200, body: pullRequestShape(found.pull, counts, addresses) };
}

function listFiles(call: Call): Answer {
  const found = call.store.pulls.get(call.number);
  if (!found) return NOT_FOUND;
  const entries = found.files.map((file) => diffEntryShape(file, found.pull.head.sha, call.addresses));
  return page(call.url, entries);
}

/** In characters. */
export const COMMENT_LIMIT = 65_536;

type CheckedBody = { readonly ok: true; readonly body: string } | { readonly ok: false; readonly answer: Answer };

const CommentRequest = z.object({ body: z.string() });

function bodyOf(text: string): CheckedBody {
  const parsed = CommentRequest.safeParse(parseJson(text));
  if (!parsed.success) return { ok: false, answer: refuse(400, 'Problems parsing JSON') };
  const { body } = parsed.data;
  if (body.trim() === '') return { ok: false, answer: invalid('Body cannot be blank') };
  if (body.length > COMMENT_LIMIT) {
    return { ok: false, answer: invalid(`Body is too long (maximum is ${COMMENT_LIMIT} characters)`) };
  }
  return { ok: true, body };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const timeOf = ({ now }: Call): string =>
  now()
    .toISOString()
    .replace(/\.\d+Z$/, 'Z');
