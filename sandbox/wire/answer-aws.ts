import { randomUUID } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { effectOf } from '../faults.js';
import type { World } from '../world.js';
import { AwsError } from './aws-error.js';
import { checkConstraints } from './check-constraints.js';
import { checkExpiry } from './check-expiry.js';
import { checkThrottle } from './throttled.js';
import { serviceOf, readAwsRequest, type AwsRequest, type HttpRequest, type ServiceName } from './aws-request.js';
import { decodeJson, encodeJson, encodeJsonError } from './json-rpc.js';
import type { Operation } from './operation.js';
import { decodeQuery, type QueryDialect } from './query-request.js';
import { encodeQueryAnswer, encodeQueryError } from './query-response.js';
import { decodeRest } from './rest-json.js';
import { findOperation } from './services.js';

export interface HttpAnswer {
  readonly status: number;
  readonly contentType: string;
  readonly requestId: string;
  readonly body: string;
}

/** EC2 and STS speak the query protocol, each in its own flavour; the others answer in JSON. */
const DIALECTS = { ec2: 'ec2', ssm: 'json', sts: 'query', ebs: 'rest-json', pricing: 'json' } as const satisfies Record<
  ServiceName,
  QueryDialect | 'json' | 'rest-json'
>;

const CONTENT_TYPES = {
  ec2: 'text/xml;charset=UTF-8',
  query: 'text/xml;charset=UTF-8',
  json: 'application/x-amz-json-1.1',
  'rest-json': 'application/json',
} as const;

/** Answers one AWS call and journals it. `undefined`: a fault says to drop the connection. */
export async function answerAws(world: World, received: HttpRequest): Promise<HttpAnswer | undefined> {
  const requestId = randomUUID();
  let request: AwsRequest;
  try {
    request = await readAwsRequest(world, received);
  } catch (error) {
    return failed(asAwsError(error), requestId, serviceOf(received.headers));
  }
  const entry = world.journal.begin(request, requestId);
  try {
    checkExpiry(world, request);
    const operation = findOperation(request.service, request.operation);
    const parameters = decode(operation, request);
    entry.parameters(parameters);
    checkConstraints(request.service, request.operation, parameters);
    checkThrottle(world, request, parameters);
    const effect = effectOf(world.faults, request.operation);
    if (effect?.kind === 'error') throw new AwsError(effect.code, effect.message, effect.status);
    if (effect?.kind === 'drop-connection' && effect.when === 'before') {
      entry.end('connection dropped before the effect');
      return undefined;
    }
    refuseDryRun(parameters);
    const value = await operation.run(world, parameters, request.caller);
    if (effect?.kind === 'slow-answer') await waited(world, effect.ms);
    if (effect?.kind === 'drop-connection') {
      entry.end('connection dropped after the effect');
      return undefined;
    }
    entry.end('OK');
    return succeeded(operation, value, requestId, request.service);
  } catch (error) {
    const awsError = asAwsError(error);
    entry.end(awsError.code, awsError.message);
    return failed(awsError, requestId, request.service);
  }
}

/** For a request that was not kept, because no service takes one so long. */
export function refuseLongBody(headers: IncomingHttpHeaders): HttpAnswer {
  const error = new AwsError('RequestEntityTooLarge', 'The request is larger than the maximum size allowed.', 413);
  return failed(error, randomUUID(), serviceOf(headers));
}

function waited(world: World, ms: number): Promise<void> {
  return new Promise((resolve) => void world.after(ms, resolve));
}

function decode(operation: Operation, request: AwsRequest): unknown {
  const dialect = DIALECTS[request.service];
  switch (dialect) {
    case 'json':
      return decodeJson(operation.input, request.body);
    case 'rest-json':
      return decodeRest(operation, request.rest);
    default:
      return decodeQuery(operation.input, new URLSearchParams(request.body), dialect);
  }
}

/** EC2 checks the caller's rights, does nothing and answers with this error (SDK: every operation's `DryRun`). */
function refuseDryRun(parameters: unknown): void {
  if (typeof parameters === 'object' && parameters !== null && 'DryRun' in parameters && parameters.DryRun === true) {
    throw new AwsError('DryRunOperation', 'Request would have succeeded, but DryRun flag is set.', 412);
  }
}

function succeeded(operation: Operation, value: unknown, requestId: string, service: ServiceName): HttpAnswer {
  const dialect = DIALECTS[service];
  const body =
    dialect === 'json' || dialect === 'rest-json'
      ? encodeJson(operation.output, value)
      : encodeQueryAnswer({ operation: operation.name, schema: operation.output, value, requestId, dialect });
  return { status: 200, contentType: CONTENT_TYPES[dialect], requestId, body };
}

function failed(error: AwsError, requestId: string, service: ServiceName): HttpAnswer {
  const dialect = DIALECTS[service];
  const body =
    dialect === 'json' || dialect === 'rest-json'
      ? encodeJsonError(error)
      : encodeQueryError(error, requestId, dialect);
  return { status: error.status, contentType: CONTENT_TYPES[dialect], requestId, body };
}

/** A bug in the sandbox answers as AWS's own bugs do, and says so on the daemon's log. */
function asAwsError(error: unknown): AwsError {
  if (error instanceof AwsError) return error;
  console.error(error);
  return new AwsError('InternalError', `The sandbox has a bug: ${String(error)}`, 500);
}
