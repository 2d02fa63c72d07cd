import { systemClock, type Clock } from '../lib/clock.js';
import { parseMarker, type Marker } from '../report/marker.js';
import { openOctokit } from './octokit.js';

/** Where the comments of one pull request are. */
export interface CommentPlace {
  /** `https://api.github.com`, or the API of a GitHub Enterprise Server (`GITHUB_API_URL`). */
  readonly apiUrl: string;
  readonly token: string;
  /** `owner/name` */
  readonly repository: string;
  readonly pullRequest: number;
}

/** A comment that the owner of the token wrote with this tool. */
export interface OwnComment {
  readonly id: number;
  readonly url: string;
  readonly body: string;
  readonly marker: Marker;
}

/** The comments of one pull request. Every function throws what Octokit throws: an error with GitHub's `status`. */
export interface CommentsApi {
  /** The token owner's comments with this marker id, the oldest first. */
  readonly listOwn: (markerId: string) => Promise<readonly OwnComment[]>;
  /** One of them as it is now; undefined when it is gone, or when it is no comment of this tool any more. */
  readonly read: (id: number) => Promise<OwnComment | undefined>;
  readonly create: (body: string) => Promise<Written>;
  readonly update: (comment: OwnComment, body: string) => Promise<Written>;
  readonly remove: (comment: OwnComment) => Promise<void>;
}

/** A comment that was just written. */
export type Written = Pick<OwnComment, 'id' | 'url'>;

const OF_PULL_REQUEST = '/repos/{owner}/{repo}/issues/{issue_number}/comments';
const COMMENT = '/repos/{owner}/{repo}/issues/comments/{comment_id}';
const COMMENTS_PER_PAGE = 100;

/** For everything that is done with one of these together: a comment is not worth a longer wait. */
const API_TIMEOUT_MS = 240_000;

/** Two of the minutes that a rate limit asks for, and some more. */
const PATIENCE_MS = 150_000;

export function openComments(
  { apiUrl, token, repository, pullRequest }: CommentPlace,
  clock: Clock = systemClock,
): CommentsApi {
  const { request, paginate } = openOctokit(token, apiUrl, { clock, mostMs: PATIENCE_MS });
  const [owner = '', repo = ''] = repository.split('/');
  const limit = { request: { signal: AbortSignal.timeout(API_TIMEOUT_MS) } };
  const common = { owner, repo, ...limit };

  return {
    listOwn: async (markerId) => {
      const [login, comments] = await Promise.all([
        findLogin(() => request('GET /user', limit)),
        paginate(`GET ${OF_PULL_REQUEST}`, { ...common, issue_number: pullRequest, per_page: COMMENTS_PER_PAGE }),
      ]);
      return comments
        .flatMap(({ id, html_url: url, body = '', user }) => {
          const marker = parseMarker(body);
          const own = login === undefined ? user?.type === 'Bot' : user?.login === login;
          return own && marker?.id === markerId ? [{ id, url, body, marker }] : [];
        })
        .sort((a, b) => a.id - b.id);
    },
    read: async (id) => {
      try {
        const { data } = await request(`GET ${COMMENT}`, { ...common, comment_id: id });
        const { html_url: url, body = '' } = data;
        const marker = parseMarker(body);
        return marker === undefined ? undefined : { id, url, body, marker };
      } catch (cause) {
        if (statusOf(cause) === 404) return undefined;
        throw cause;
      }
    },
    create: async (body) => {
      const { data } = await request(`POST ${OF_PULL_REQUEST}`, { ...common, issue_number: pullRequest, body });
      return { id: Number(data.id), url: data.html_url };
    },
    update: async ({ id }, body) => {
      const { data } = await request(`PATCH ${COMMENT}`, { ...common, comment_id: id, body });
      return { id, url: data.html_url };
    },
    remove: async ({ id }) => {
      try {
        await request(`DELETE ${COMMENT}`, { ...common, comment_id: id });
      } catch (cause) {
        // Another run has removed the same duplicate.
        if (statusOf(cause) !== 404) throw cause;
      }
    },
  };
}

/** GitHub's status code, when it is GitHub that refused. */
export function statusOf(cause: unknown): number | undefined {
  return cause instanceof Error && 'status' in cause && typeof cause.status === 'number' ? cause.status : undefined;
}

/**
 * Who the token is. A job's own token, as any GitHub App's, may not ask (403 "Resource not accessible by
 * integration") and writes as a bot, whose name depends on the App: then it is undefined, and any bot's comment with
 * the marker counts as own. People cannot write as a bot.
 */
async function findLogin(
  ask: () => Promise<{ readonly data: { readonly login: string } }>,
): Promise<string | undefined> {
  try {
    return (await ask()).data.login;
  } catch {
    return undefined;
  }
}
