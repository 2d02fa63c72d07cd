import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import path from 'node:path';
import type { InstanceRecord } from '../state.js';
import type { World } from '../world.js';
import { instanceMetadata, lookUp } from './instance-metadata.js';
import { instanceDirectory } from './running-instance.js';

export interface MetadataServer {
  /** Unix socket that the instance's network leads to from 169.254.169.254; relative to the store. */
  readonly socket: string;
  readonly close: () => void;
}

const TTL_HEADER = 'x-aws-ec2-metadata-token-ttl-seconds';
const TOKEN_HEADER = 'x-aws-ec2-metadata-token';
const LONGEST_TTL_SECONDS = 21_600;

/**
 * Instance metadata of one instance, from its power on to its power off. Undefined where instances cannot have it. It has
 * no port: it hands out credentials, and other users of this machine could ask there.
 */
export async function openMetadata(world: World, instance: InstanceRecord): Promise<MetadataServer | undefined> {
  if (world.network === undefined) return undefined;
  /** Until when each token is good. Milliseconds since the epoch. */
  const tokens = new Map<string, number>();
  const server = createServer((request, response) => {
    if (request.url === '/latest/api/token') giveToken(world, tokens, request, response);
    else if (isAdmitted(world, instance, tokens, request, response)) answer(world, instance, request, response);
  });
  const socket = path.join(instanceDirectory(instance.id), 'metadata');
  const file = path.join(world.store.path, socket);
  await mkdir(path.dirname(file), { recursive: true });
  await rm(file, { force: true });
  // The address of a socket has 108 bytes at most, and the store may lie deep.
  const folder = openSync(path.dirname(file), 'r');
  server.listen(`/proc/self/fd/${folder}/metadata`);
  await once(server, 'listening');
  return {
    socket,
    close: () => {
      server.close(() => closeSync(folder));
      server.closeAllConnections();
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
  const asked = /^\/latest\/(.*)$/.exec(decodeURIComponent(request.url ?? ''))?.[1];
  const text = asked === undefined ? undefined : lookUp(instanceMetadata(world, instance), asked);
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
