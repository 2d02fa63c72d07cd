import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { refuse } from '../../sandbox/github/api-answer.js';
import { commentShape, userShape } from '../../sandbox/github/api-shapes.js';
import { checkExchange } from '../../sandbox/github/openapi.js';

export interface StoredComment {
  readonly id: number;
  readonly body: string;
  readonly user: { readonly login: string; readonly type: 'Bot' | 'User' };
}

/** An answer of GitHub's front end, which is not in its OpenAPI description. */
export interface Hiccup {
  readonly method: string;
  readonly status: number;
  readonly message: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface CommentsServer {
  readonly apiUrl: string;
  /** What is there now, in the order of ids. */
  readonly comments: StoredComment[];
  /** `POST /repos/…` in the order they came. */
  readonly requests: string[];
  /** Status and message of every further request that changes something. */
  refuseWrites: { readonly status: number; readonly message: string } | undefined;
  /** What further requests of that method are answered instead, one each. */
  readonly hiccups: Hiccup[];
  /** What somebody else does right before a new comment is stored. */
  beforeCreate: () => void;
  /** Rejects when a request or an answer was not as GitHub's OpenAPI description has it. */
  readonly stop: () => Promise<void>;
}

export const BOT = { login: 'github-actions[bot]', type: 'Bot' } as const;
const COMMENTS = /^\/repos\/acme\/images\/issues\/42\/comments$/;
const COMMENT = /^\/repos\/acme\/images\/issues\/comments\/(\d+)$/;

/** GitHub's comments of the pull request 42 of acme/images. `login`: whose token it is; undefined: a job's own. */
export async function startCommentsServer(login?: string): Promise<CommentsServer> {
  const author = login === undefined ? BOT : ({ login, type: 'User' } as const);
  const differences: string[] = [];
  const server = createServer((request, response) => {
    void readBody(request).then((body) => {
      const url = new URL(request.url ?? '/', 'http://localhost');
      const asked = { method: request.method ?? '', url: new URL(url), requestBody: body };
      const send = (status: number, answer: unknown, headers: Record<string, string> = {}): void => {
        differences.push(...checkExchange({ ...asked, status, answer }));
        response.writeHead(status, { 'content-type': 'application/json', ...headers });
        response.end(status === 204 ? undefined : JSON.stringify(answer));
      };
      state.requests.push(`${request.method} ${url.pathname}${url.search}`);
      if (request.headers.authorization !== 'token secret') return send(401, { message: 'Bad credentials' });
      const hiccup = state.hiccups[0];
      if (hiccup !== undefined && hiccup.method === request.method) {
        state.hiccups.shift();
        response.writeHead(hiccup.status, { 'content-type': 'application/json', ...hiccup.headers });
        response.end(JSON.stringify({ message: hiccup.message }));
        return;
      }
      if (url.pathname === '/user') {
        return login === undefined
          ? send(403, { message: 'Resource not accessible by integration' })
          : send(200, describeUser(login));
      }
      if (request.method !== 'GET' && state.refuseWrites !== undefined) {
        const { status, message } = state.refuseWrites;
        return send(status, refuse(status, message).body);
      }
      if (COMMENTS.test(url.pathname) && request.method === 'GET') {
        const size = Number(url.searchParams.get('per_page') ?? 30);
        const page = Number(url.searchParams.get('page') ?? 1);
        url.searchParams.set('page', String(page + 1));
        const next = `<http://${request.headers.host}${url.pathname}${url.search}>; rel="next"`;
        const more = state.comments.length > page * size;
        return send(
          200,
          state.comments.slice((page - 1) * size, page * size).map(describeComment),
          more ? { link: next } : {},
        );
      }
      if (COMMENTS.test(url.pathname) && request.method === 'POST') {
        state.beforeCreate();
        const created = { id: nextId(state.comments), body: bodyOf(body), user: author };
        state.comments.push(created);
        return send(201, describeComment(created));
      }
      const id = Number(COMMENT.exec(url.pathname)?.[1]);
      const index = state.comments.findIndex((comment) => comment.id === id);
      const found = state.comments[index];
      if (found === undefined) return send(404, { message: 'Not Found' });
      if (request.method === 'GET') return send(200, describeComment(found));
      if (request.method === 'DELETE') {
        state.comments.splice(index, 1);
        return send(204, undefined);
      }
      const updated = { ...found, body: bodyOf(body) };
      state.comments[index] = updated;
      return send(200, describeComment(updated));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const state: CommentsServer = {
    apiUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    comments: [],
    requests: [],
    refuseWrites: undefined,
    hiccups: [],
    beforeCreate: () => undefined,
    stop: async () => {
      await new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      });
      if (differences.length > 0) throw new Error(`not as GitHub describes its API:\n${differences.join('\n')}`);
    },
  };
  return state;
}

/** Stores a comment as if it had been written before. */
export function addComment(server: CommentsServer, body: string, user: StoredComment['user'] = BOT): number {
  const id = nextId(server.comments);
  server.comments.push({ id, body, user });
  return id;
}

function nextId(comments: readonly StoredComment[]): number {
  return (comments.at(-1)?.id ?? 1_000) + 1;
}

function describeComment({ id, body, user }: StoredComment): unknown {
  const addresses = { apiUrl: 'https://api.github.com', serverUrl: 'https://github.com', repository: 'acme/images' };
  const shape = commentShape({ id, issue: 42, body, now: '2026-01-02T03:04:05Z', addresses });
  return { ...shape, user: userShape(user.login, 1, user.type) };
}

/** With what only people have. */
function describeUser(login: string): unknown {
  const unknown = ['name', 'company', 'blog', 'location', 'email', 'hireable', 'bio'].map((key) => [key, null]);
  const counts = ['public_repos', 'public_gists', 'followers', 'following'].map((key) => [key, 0]);
  const times = { created_at: '2020-01-02T03:04:05Z', updated_at: '2020-01-02T03:04:05Z' };
  return { ...userShape(login, 1, 'User'), ...Object.fromEntries([...unknown, ...counts]), ...times };
}

function bodyOf(text: string): string {
  const parsed: unknown = JSON.parse(text);
  return typeof parsed === 'object' && parsed !== null && 'body' in parsed ? String(parsed.body) : '';
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(Buffer.from(chunk as Uint8Array));
  return Buffer.concat(chunks).toString();
}
