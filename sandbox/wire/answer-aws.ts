import { randomUUID } from 'node:crypto';
import { effectOf } from '../faults.js';
import type { World } from '../world.js';
import { AwsError } from './aws-error.js';
import { readAwsRequest, type AwsRequest, type ServiceName } from './aws-request.js';
import type { IncomingHttpHeaders } from 'node:http';
import { decodeJson, encodeJson, encodeJsonError } from './json-rpc.js';
import type { Operation } from './operation.js';
import { decodeQuery, type QueryDialect } from './query-request.js';
import { encodeQueryAnswer, encodeQueryError } from './query-response.js';
import { findOperation } from './services.js';

export interface HttpAnswer {
  readonly status: number;
  readonly contentType: string;
  readonly requestId: string;
  readonly body: string;
}

/** `ssm` speaks JSON; the other two the query protocol, each in its own flavour. */
const DIALECTS = { ec2: 'ec2', ssm: 'json', sts: 'query' } as const satisfies Record<
  ServiceName,
  QueryDialect | 'json'
>;

/** Answers one AWS call and journals it. `undefined`: a fault says to drop the connection. */
export async function answerAws(
  world: World,
  headers: IncomingHttpHeaders,
  body: string,
): Promise<HttpAnswer | undefined> {
  const requestId = randomUUID();
  let request: AwsRequest;
  try {
    request = readAwsRequest(headers, body);
  } catch (error) {
    return failed(asAwsError(error), requestId, headers['x-amz-target'] === undefined ? 'ec2' : 'ssm');
  }
  const entry = world.journal.begin(request, requestId);
  try {
    const operation = findOperation(request.service, request.operation);
    const parameters = decode(operation, request);
    entry.parameters(parameters);
    const effect = effectOf(world.faults, request.operation);
    if (effect?.kind === 'error') throw new AwsError(effect.code, effect.message, effect.status);
    if (effect?.kind === 'drop-connection' && effect.when === 'before') {
      entry.end('connection dropped before the effect');
      return undefined;
    }
    refuseDryRun(parameters);
    const value = await operation.run(world, parameters, request.caller);
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

function decode(operation: Operation, request: AwsRequest): unknown {
  const dialect = DIALECTS[request.service];
  return dialect === 'json'
    ? decodeJson(operation.input, request.body)
    : decodeQuery(operation.input, new URLSearchParams(request.body), dialect);
}

/** EC2 checks the caller's rights, does nothing and answers with this error (SDK: every operation's `DryRun`). */
function refuseDryRun(parameters: unknown): void {
  if (typeof parameters === 'object' && parameters !== null && 'DryRun' in parameters && parameters.DryRun === true) {
    throw new AwsError('DryRunOperation', 'Request would have succeeded, but DryRun flag is set.', 412);
  }
}

function succeeded(operation: Operation, value: unknown, requestId: string, service: ServiceName): HttpAnswer {
  const dialect = DIALECTS[service];
  if (dialect === 'json') {
    return { status: 200, contentType: JSON_TYPE, requestId, body: encodeJson(operation.output, value) };
  }
  const body = encodeQueryAnswer({ operation: operation.name, schema: operation.output, value, requestId, dialect });
  return { status: 200, contentType: XML_TYPE, requestId, body };
}

function failed(error: AwsError, requestId: string, service: ServiceName): HttpAnswer {
  const dialect = DIALECTS[service];
  return dialect === 'json'
    ? { status: error.status, contentType: JSON_TYPE, requestId, body: encodeJsonError(error) }
    : { status: error.status, contentType: XML_TYPE, requestId, body: encodeQueryError(error, requestId, dialect) };
}

const JSON_TYPE = 'application/x-amz-json-1.1';
const XML_TYPE = 'text/xml;charset=UTF-8';

/** A bug in the sandbox answers as AWS's own bugs do, and says so on the daemon's log. */
function asAwsError(error: unknown): AwsError {
  if (error instanceof AwsError) return error;
  console.error(error);
  return new AwsError('InternalError', `The sandbox has a bug: ${String(error)}`, 500);
}
