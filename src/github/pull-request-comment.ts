import { systemClock, type Clock } from '../lib/clock.js';
import { isNewer, parseMarker, type Marker } from '../report/marker.js';
import {
  openComments,
  statusOf,
  type CommentPlace,
  type CommentsApi,
  type OwnComment,
  type Written,
} from './comments-api.js';

export interface CommentText {
  /** As rendered, its first line the marker. */
  readonly body: string;
  /** Whether to write a comment where there is none yet; otherwise only one that exists is updated. */
  readonly create: boolean;
}

export type CommentResult =
  | { readonly kind: 'written'; readonly url: string }
  /** Not written on purpose. */
  | { readonly kind: 'skipped'; readonly why: string }
  | { readonly kind: 'refused'; readonly warning: string };

/** Writes the one comment of a run. Never throws: a comment never fails a build. */
export type WriteComment = (text: CommentText) => Promise<CommentResult>;

const NO_PERMISSION =
  'the token may not write to pull requests. Fix: give the job `permissions: pull-requests: write`; ' +
  'runs for forks and for Dependabot never have it. The job summary has the same text';

/** What GitHub's status codes mean here. */
const REFUSALS: Readonly<Record<number, string>> = {
  401: 'the token is not valid (any more). Fix: use the default `github-token`; tokens of GitHub Apps live for one hour',
  403: NO_PERMISSION,
  404: NO_PERMISSION,
  422: 'GitHub does not accept the text',
};

/**
 * Keeps one comment per pull request and marker id up to date. A comment written by a newer run stays as it is; of
 * comments that runs wrote at the same time, the oldest stays. Looks for the comment once, however often it is written.
 */
export function createCommentWriter(place: CommentPlace, clock: Clock = systemClock): WriteComment {
  let known: number | undefined;
  return async ({ body, create }) => {
    const marker = parseMarker(body);
    if (marker === undefined) throw new TypeError('the body of a comment begins with its marker');
    try {
      const comments = openComments(place, clock);
      const wanted = { body, create, marker };
      const found = known === undefined ? undefined : await comments.read(known);
      const done = found === undefined ? await upsert(comments, wanted) : await keepOldest(comments, [found], wanted);
      if (done.kind === 'skipped') return done;
      known = done.comment.id;
      return { kind: 'written', url: done.comment.url };
    } catch (cause) {
      return { kind: 'refused', warning: `the pull request comment was not written: ${explain(cause)}` };
    }
  };
}

interface Wanted extends CommentText {
  readonly marker: Marker;
}

type Done =
  { readonly kind: 'written'; readonly comment: Written } | Extract<CommentResult, { readonly kind: 'skipped' }>;

async function upsert(comments: CommentsApi, wanted: Wanted): Promise<Done> {
  const own = await comments.listOwn(wanted.marker.id);
  if (own.length > 0) return keepOldest(comments, own, wanted);
  if (!wanted.create) return { kind: 'skipped', why: 'there is nothing to say and no comment yet' };
  const comment = await comments.create(wanted.body);
  // Another run may have created one between our list and our create: both then see both, and keep the same one.
  const now = await comments.listOwn(wanted.marker.id);
  return now.length > 1 ? keepOldest(comments, now, wanted) : { kind: 'written', comment };
}

/** Brings the oldest comment up to date and removes the others. */
async function keepOldest(comments: CommentsApi, own: readonly OwnComment[], { body, marker }: Wanted): Promise<Done> {
  const [oldest, ...duplicates] = own;
  if (oldest === undefined) return { kind: 'skipped', why: 'there is no comment' };
  // A newer run's comment is that run's to move; ours would never be looked at again.
  for (const duplicate of duplicates) if (!isNewer(duplicate.marker, marker)) await comments.remove(duplicate);
  const newer = own.find((comment) => isNewer(comment.marker, marker));
  if (newer !== undefined) {
    return { kind: 'skipped', why: `run #${newer.marker.run}, which is newer, has already written ${newer.url}` };
  }
  return { kind: 'written', comment: await comments.update(oldest, body) };
}

function explain(cause: unknown): string {
  if (!(cause instanceof Error)) return String(cause);
  const status = statusOf(cause);
  const meaning = status === undefined ? undefined : REFUSALS[status];
  return meaning === undefined ? cause.message : `${meaning} (${status}: ${cause.message})`;
}
