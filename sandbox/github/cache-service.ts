import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { z } from 'zod';

export interface CacheServer {
  /** What the runner gives an action that may use the cache. */
  readonly environment: Readonly<Record<string, string>>;
  /** Finished entries, oldest first. */
  readonly entries: readonly CacheEntry[];
  /** Every request so far: `CreateCacheEntry 200`. */
  readonly requests: readonly string[];
  /** A status to answer every further request with; undefined: serve. */
  refuseWith: number | undefined;
  /** Where blobs are said to be; undefined: here. */
  storage: string | undefined;
  readonly port: number;
  readonly stop: () => Promise<void>;
}

export interface CacheEntry {
  readonly key: string;
  readonly version: string;
  content: Buffer;
}

const Request = z.object({
  key: z.string(),
  version: z.string(),
  restore_keys: z.array(z.string()).default([]),
  size_bytes: z.coerce.number().optional(),
});

const PREFIX = '/twirp/github.actions.results.api.v1.CacheService/';

/**
 * GitHub's cache, second version, as @actions/cache 6 speaks with it: three calls, and blobs behind signed addresses. It
 * forgets nothing and knows one branch only.
 */
export async function startCacheServer(): Promise<CacheServer> {
  const token = randomUUID();
  const signature = randomUUID();
  const entries: CacheEntry[] = [];
  const uploads: CacheEntry[] = [];
  const requests: string[] = [];

  const addressOf = (list: 'entries' | 'uploads', index: number): string =>
    `${state.storage ?? origin()}/account/${list}/${index}?sig=${signature}`;

  const serveCall = (method: string, body: Buffer): Answer => {
    const { key, version, restore_keys, size_bytes } = Request.parse(JSON.parse(body.toString()));
    const same = (entry: CacheEntry): boolean => entry.key === key && entry.version === version;
    switch (method) {
      case 'CreateCacheEntry': {
        if ([...entries, ...uploads].some(same)) return [409, { code: 'already_exists', msg: `${key} exists` }];
        uploads.push({ key, version, content: Buffer.alloc(0) });
        return [200, { ok: true, signed_upload_url: addressOf('uploads', uploads.length - 1) }];
      }
      case 'FinalizeCacheEntryUpload': {
        const upload = uploads.find(same);
        if (upload === undefined || upload.content.length !== size_bytes) return [400, { code: 'invalid_argument' }];
        entries.push(upload);
        return [200, { ok: true, entry_id: String(entries.length) }];
      }
      case 'GetCacheEntryDownloadURL': {
        const found =
          entries.find(same) ??
          entries.findLast(
            (entry) => entry.version === version && restore_keys.some((prefix) => entry.key.startsWith(prefix)),
          );
        if (found === undefined) return [200, { ok: false }];
        const url = addressOf('entries', entries.indexOf(found));
        return [200, { ok: true, signed_download_url: url, matched_key: found.key }];
      }
      default:
        return [404, { code: 'bad_route' }];
    }
  };

  const serveBlob = (request: IncomingMessage, url: URL, body: Buffer): Answer => {
    const [, , list, index] = url.pathname.split('/');
    const entry = (list === 'uploads' ? uploads : entries)[Number(index)];
    if (entry === undefined || url.searchParams.get('sig') !== signature) return [403, {}];
    if (request.method === 'GET') return [200, entry.content];
    if (request.headers['x-ms-blob-type'] !== 'BlockBlob') return [400, {}];
    entry.content = body;
    return [201, Buffer.alloc(0)];
  };

  const server = createServer((request, response) => {
    void bodyOf(request).then((body) => {
      const url = new URL(request.url ?? '/', origin());
      const isCall = url.pathname.startsWith(PREFIX);
      const name = isCall ? url.pathname.slice(PREFIX.length) : `${request.method ?? ''} blob`;
      // Storage checks the signature of the address, and refuses a token that it does not know.
      const mayAsk = isCall
        ? request.headers.authorization === `Bearer ${token}`
        : request.headers.authorization === undefined;
      const [status, answer]: Answer =
        state.refuseWith !== undefined
          ? [state.refuseWith, {}]
          : !mayAsk
            ? [401, { code: 'unauthenticated' }]
            : isCall
              ? serveCall(name, body)
              : serveBlob(request, url, body);
      requests.push(`${name} ${status}`);
      response.writeHead(status, {
        'content-type': Buffer.isBuffer(answer) ? 'application/octet-stream' : 'application/json',
      });
      response.end(Buffer.isBuffer(answer) ? answer : JSON.stringify(answer));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const origin = (): string => `http://127.0.0.1:${port}`;

  const state: CacheServer = {
    environment: {
      ACTIONS_RESULTS_URL: `${origin()}/`,
      ACTIONS_RUNTIME_TOKEN: token,
      ACTIONS_CACHE_SERVICE_V2: 'True',
    },
    entries,
    requests,
    refuseWith: undefined,
    storage: undefined,
    port,
    stop: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
  return state;
}

type Answer = readonly [status: number, body: object | Buffer];

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}
