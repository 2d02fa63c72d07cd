import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { INACCESSIBLE, NOT_FOUND, refuse, type Answer } from './api-answer.js';
import { commentsOf, makeStore, ROUTES, type Store } from './api-routes.js';
import type { Addresses, CommentChange, ComparisonState, IssueComment, PullRequestFile } from './api-shapes.js';
import type { PullRequestState } from './event.js';
import { checkExchange } from './openapi.js';

export interface GitHubApiOptions {
  /** `owner/name`, the one repository there is. */
  readonly repository: string;
  /** The workflow run's token; every other is refused. */
  readonly token: string;
  /** What the token may do with pull requests; `read` is what a fork's run gets. Default: `write`. */
  readonly permission?: 'read' | 'write';
  /** Called after every change of a comment. */
  readonly onComment?: (change: CommentChange) => void;
  /** Address of a GitHub Enterprise Server; its API is under `/api/v3`. Default: github.com. */
  readonly enterpriseUrl?: string;
  /** Default: the system clock. */
  readonly now?: () => Date;
}

export interface GitHubApi {
  /** Value of GITHUB_API_URL, without a slash at its end. */
  readonly url: string;
  /** Opens a pull request, or brings one up to date. */
  readonly setPullRequest: (pull: PullRequestState, files: readonly PullRequestFile[]) => void;
  /** What `compare/{base}...{head}` answers. */
  readonly setComparison: (comparison: ComparisonState) => void;
  /** The comments of a pull request, oldest first. */
  readonly comments: (pullRequest: number) => readonly IssueComment[];
  /** Every request so far: `GET /repos/o/r/issues/1/comments?page=2 200`. */
  readonly requests: readonly string[];
  /** Rejects when a request or an answer was not as GitHub's OpenAPI description has it. */
  readonly stop: () => Promise<void>;
}

/** Starts GitHub's REST API on a free port of 127.0.0.1: what an action needs for the comment on its pull request. */
export async function startGitHubApi(options: GitHubApiOptions): Promise<GitHubApi> {
  const store = makeStore();
  const requests: string[] = [];
  const differences: string[] = [];
  const server = createServer((request, response) => {
    void textOf(request).then((text) => {
      const addresses = addressesOf(server, options);
      const { status, body, headers = {} } = answer({ request, text }, { ...options, store, addresses });
      const method = request.method ?? '';
      const url = new URL((request.url ?? '/').slice(prefixOf(options).length), addresses.apiUrl);
      requests.push(`${method} ${request.url ?? ''} ${status}`);
      differences.push(...checkExchange({ method, url, requestBody: text, status, answer: body }));
      response.writeHead(status, { 'content-type': 'application/json; charset=utf-8', ...headers });
      response.end(body === undefined ? undefined : JSON.stringify(body));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));

  return {
    url: addressesOf(server, options).apiUrl,
    setPullRequest: (pull, files) => store.pulls.set(pull.number, { pull, files }),
    setComparison: (comparison) => void store.comparisons.push(comparison),
    comments: (pullRequest) => commentsOf(store, pullRequest),
    requests,
    stop: async () => {
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
      if (differences.length > 0) throw new Error(`not as GitHub describes its API:\n${differences.join('\n')}`);
    },
  };
}

function addressesOf(server: Server, options: GitHubApiOptions): Addresses {
  const { port } = server.address() as AddressInfo;
  const { repository, enterpriseUrl: serverUrl = 'https://github.com' } = options;
  return { apiUrl: `http://127.0.0.1:${port}${prefixOf(options)}`, serverUrl, repository };
}

function prefixOf({ enterpriseUrl }: GitHubApiOptions): string {
  return enterpriseUrl === undefined ? '' : '/api/v3';
}

interface Context extends GitHubApiOptions {
  readonly store: Store;
  readonly addresses: Addresses;
}

interface Received {
  readonly request: IncomingMessage;
  readonly text: string;
}

function answer({ request, text }: Received, context: Context): Answer {
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
  const prefix = prefixOf(context);
  if (!url.pathname.startsWith(prefix)) return NOT_FOUND;
  const path = url.pathname.slice(prefix.length).replace(`/repos/${context.repository}/`, '/repos/@/');
  const shape = path.replace(/\/\d+(?=\/|$)/, '/#').replace(/(?<=\/compare\/).+$/, '*');
  const route = ROUTES.find(([method, pattern]) => method === request.method && pattern === shape);
  if (!route) return NOT_FOUND;
  const [, , change, serve] = route;
  if (change === 'writes' && permission === 'read') return INACCESSIBLE;
  const number = Number(/\/(\d+)(?=\/|$)/.exec(path)?.[1]);
  return serve({ store, addresses, url, number, text, now, onComment });
}

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}
