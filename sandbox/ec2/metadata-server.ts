import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { InstanceRecord } from '../state.js';
import type { World } from '../world.js';
import { instanceMetadata, lookUp } from './instance-metadata.js';

export interface MetadataServer {
  /** The control group from which it is reached at 169.254.169.254. */
  readonly cgroup: string;
  readonly close: () => Promise<void>;
}

const TTL_HEADER = 'x-aws-ec2-metadata-token-ttl-seconds';
const TOKEN_HEADER = 'x-aws-ec2-metadata-token';
const LONGEST_TTL_SECONDS = 21_600;

/** Instance metadata of one instance, from its power on to its power off. Undefined where instances cannot have it. */
export async function openMetadata(world: World, instance: InstanceRecord): Promise<MetadataServer | undefined> {
  const { metadata } = world;
  if (metadata === undefined) return undefined;
  /** Until when each token is good. Milliseconds since the epoch. */
  const tokens = new Map<string, number>();
  const server = createServer((request, response) => {
    if (request.url === '/latest/api/token') giveToken(world, tokens, request, response);
    else if (isAdmitted(world, instance, tokens, request, response)) answer(world, instance, request, response);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the metadata server has no port');
  // Named for the port too: an instance may be started again before the group of its last life is gone.
  const redirected = await metadata.open(`${instance.id}-${address.port}`, address.port).catch((error: unknown) => {
    // Such as too many control groups: an instance without metadata is better than none.
    console.error(error);
    server.close();
  });
  if (redirected === undefined) return undefined;
  const { cgroup, close } = redirected;
  return {
    cgroup,
    close: async () => {
      server.close();
      server.closeAllConnections();
      await close();
    },
  };
}

/** `UG:instancedata-data-retrieval`: PUT, with a lifetime of at most six hours, and not through a proxy. */
function giveToken(
  world: World,
  tokens: Map<string, number>,
  request: IncomingMessage,
  response: ServerResponse,
): void {
  if (request.method !== 'PUT') return refuse(response, 405);
  if (request.headers['x-forwarded-for'] !== undefined) return refuse(response, 403);
  const seconds = Number(request.headers[TTL_HEADER]);
  if (!Number.isInteger(seconds) || seconds < 1 || seconds > LONGEST_TTL_SECONDS) return refuse(response, 400);
  const token = randomBytes(40).toString('base64');
  tokens.set(token, world.now() + seconds * 1000);
  response.writeHead(200, { 'content-type': 'text/plain', [TTL_HEADER]: String(seconds) }).end(token);
}

/** Without a token (version 1) only where the instance leaves it optional; a token that is sent must be good. */
function isAdmitted(
  world: World,
  { httpTokens, metadataEndpoint }: InstanceRecord,
  tokens: ReadonlyMap<string, number>,
  request: IncomingMessage,
  response: ServerResponse,
): boolean {
  const token = request.headers[TOKEN_HEADER];
  const isGood = token === undefined ? httpTokens === 'optional' : (tokens.get(String(token)) ?? 0) > world.now();
  if (metadataEndpoint === 'enabled' && isGood) return true;
  refuse(response, metadataEndpoint === 'enabled' ? 401 : 403);
  return false;
}

function answer(world: World, instance: InstanceRecord, request: IncomingMessage, response: ServerResponse): void {
  if (request.method !== 'GET' && request.method !== 'HEAD') return refuse(response, 405);
  const path = /^\/latest\/(.*)$/.exec(decodeURIComponent(request.url ?? ''))?.[1];
  const text = path === undefined ? undefined : lookUp(instanceMetadata(world, instance), path);
  if (text === undefined) return refuse(response, 404);
  response.writeHead(200, { 'content-type': 'text/plain' }).end(text);
}

const REASONS = {
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  405: 'Not Allowed',
} as const;

function refuse(response: ServerResponse, status: keyof typeof REASONS): void {
  response.writeHead(status, { 'content-type': 'text/html' }).end(`${status} - ${REASONS[status]}\n`);
}
