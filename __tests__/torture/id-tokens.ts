import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** GitHub's address for a job's OIDC tokens. */
export interface IdTokens {
  /** What GitHub puts into the environment of a job with `id-token: write`. */
  readonly environment: Readonly<Record<string, string>>;
  readonly close: () => Promise<void>;
}

const REQUEST_TOKEN = 'request-token';

/** A new token for each request that shows the job's own. */
export async function serveIdTokens(): Promise<IdTokens> {
  let given = 0;
  const server = createServer(({ headers }, response) => {
    const mayAsk = headers.authorization === `Bearer ${REQUEST_TOKEN}`;
    response.writeHead(mayAsk ? 200 : 401, { 'content-type': 'application/json' });
    given += 1;
    response.end(mayAsk ? JSON.stringify({ value: `id-token-${given}` }) : undefined);
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
