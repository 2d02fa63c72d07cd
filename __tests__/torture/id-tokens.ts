import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Sandbox } from '../../sandbox/start.js';

/** GitHub's address for a job's OIDC tokens. */
export interface IdTokens {
  /** What GitHub puts into the environment of a job with `id-token: write`. */
  readonly environment: Readonly<Record<string, string>>;
  readonly close: () => Promise<void>;
}

const REQUEST_TOKEN = 'request-token';

/** A new token for each request that shows the job's own. */
export async function serveIdTokens({ control }: Sandbox): Promise<IdTokens> {
  const server = createServer(({ headers }, response) => {
    const mayAsk = headers.authorization === `Bearer ${REQUEST_TOKEN}`;
    if (!mayAsk) return void response.writeHead(401).end();
    void control.identityToken('repo:owner/name:ref:refs/heads/main').then((value) => {
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ value }));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    environment: {
      ACTIONS_ID_TOKEN_REQUEST_URL: `http://127.0.0.1:${port}/token?api-version=2`,
      ACTIONS_ID_TOKEN_REQUEST_TOKEN: REQUEST_TOKEN,
    },
    close: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}
