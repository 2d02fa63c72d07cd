import { HttpClient } from '@actions/http-client';

/** What Octokit asks of a fetch. */
export interface FetchRequest {
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly signal?: AbortSignal;
}

/** What Octokit reads of its answer. */
export interface FetchAnswer {
  readonly url: string;
  readonly status: number;
  readonly statusText: string;
  readonly headers: ReadonlyMap<string, string>;
  readonly text: () => Promise<string>;
}

export type Fetch = (url: string, request: FetchRequest) => Promise<FetchAnswer>;

/**
 * A fetch for Octokit on the toolkit's HTTP client, which knows the proxy variables and is loaded for OIDC tokens anyway.
 * The one that @actions/github brings is undici: 0.4 MB that every start would read.
 */
export function makeToolkitFetch(idleTimeoutMs: number): Fetch {
  const client = new HttpClient('ami-layers', [], { socketTimeout: idleTimeoutMs, keepAlive: true });
  return async (url, request) => {
    const { signal } = request;
    if (signal === undefined) return ask(client, url, request);
    signal.throwIfAborted();
    const aborted = new Promise<never>((_, reject) => {
      const end = (): void => {
        client.dispose();
        reject(signal.reason as Error);
      };
      signal.addEventListener('abort', end, { once: true });
    });
    return Promise.race([ask(client, url, request), aborted]);
  };
}

async function ask(client: HttpClient, url: string, { method, headers, body }: FetchRequest): Promise<FetchAnswer> {
  // The client takes the headers of a redirect to another host out of what it is given.
  const { message } = await client.request(method, url, body ?? null, { ...headers });
  let text = '';
  for await (const part of message.setEncoding('utf8')) text += String(part);
  return {
    url,
    status: message.statusCode ?? 0,
    statusText: message.statusMessage ?? '',
    headers: new Map(Object.entries(message.headers).map(([name, value]) => [name, String(value)])),
    text: () => Promise.resolve(text),
  };
}
