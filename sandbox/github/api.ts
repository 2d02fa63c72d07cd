import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { INACCESSIBLE, NOT_FOUND, refuse, type Answer } from './api-answer.js';
import { commentsOf, makeStore, ROUTES, type Store } from './api-routes.js';
import type { Addresses, CommentChange, IssueComment, PullRequestFile } from './api-shapes.js';
import type { PullRequestState } from './event.js';

export interface GitHubApiOptions {
  /** `owner/name`, the one repository there is. */
  readonly repository: string;
  /** The workflow run's token; every other is refused. */
  readonly token: string;
  /** What the token may do with pull requests; `read` is what a fork's run gets. Default: `write`. */
  readonly permission?: 'read' | 'write';
  /** Called after every change of a comment. */
  readonly onComment?: (change: CommentChange) => void;
  /** Default: the system clock. */
  readonly now?: () => Date;
}

export interface GitHubApi {
  /** Value of GITHUB_API_URL, without a slash at its end. */
  readonly url: string;
  /** Opens a pull request, or brings one up to date. */
  readonly setPullRequest: (pull: PullRequestState, files: readonly PullRequestFile[]) => void;
  /** The comments of a pull request, oldest first. */
  readonly comments: (pullRequest: number) => readonly IssueComment[];
  /** Every request so far: `GET /repos/o/r/issues/1/comments?page=2 200`. */
  readonly requests: readonly string[];
  readonly stop: () => Promise<void>;
}

/** Starts GitHub's REST API on a free port of 127.0.0.1: what an action needs for the comment on its pull request. */
export async function startGitHubApi(options: GitHubApiOptions): Promise<GitHubApi> {
  const store = makeStore();
  const requests: string[] = [];
  const server = createServer((request, response) => {
    void answer(request, { ...options, store, addresses: addressesOf(server, options.repository) }).then(
      ({ status, body, headers = {} }) => {
        requests.push(`${request.method ?? ''} ${request.url ?? ''} ${status}`);
        response.writeHead(status, { 'content-type': 'application/json; charset=utf-8', ...headers });
        response.end(body === undefined ? undefined : JSON.stringify(body));
      },
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));

  return {
    url: addressesOf(server, options.repository).apiUrl,
    setPullRequest: (pull, files) => store.pulls.set(pull.number, { pull, files }),
    comments: (pullRequest) => commentsOf(store, pullRequest),
    requests,
    stop: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

function addressesOf(server: Server, repository: string): Addresses {
  const { port } = server.address() as AddressInfo;
  return { apiUrl: `http://127.0.0.1:${port}`, serverUrl: 'https://github.com', repository };
}

interface Context extends GitHubApiOptions {
  readonly store: Store;
  readonly addresses: Addresses;
}

async function answer(request: IncomingMessage, context: Context): Promise<Answer> {
  const {
    store,
    addresses,
    token,
    permission = 'write',
    now = () => new Date(),
    onComment = () => undefined,
  } = context;
  const authorization = request.headers.authorization;
  if (authorization === undefined) return refuse(401, 'Requires authentication');
  if (!/^(bearer|token) /i.test(authorization) || authorization.split(' ')[1] !== token) {
    return refuse(401, 'Bad credentials');
  }

  const url = new URL(request.url ?? '/', addresses.apiUrl);
  const path = url.pathname.replace(`/repos/${context.repository}/`, '/repos/@/');
  const shape = path.replace(/\/\d+(?=\/|$)/, '/#');
  const route = ROUTES.find(([method, pattern]) => method === request.method && pattern === shape);
  if (!route) return NOT_FOUND;
  const [, , change, serve] = route;
  if (change === 'writes' && permission === 'read') return INACCESSIBLE;
  const number = Number(/\/(\d+)(?=\/|$)/.exec(path)?.[1]);
  return serve({ store, addresses, url, number, text: await textOf(request), now, onComment });
}

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}
