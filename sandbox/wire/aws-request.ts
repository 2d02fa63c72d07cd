import type { IncomingHttpHeaders } from 'node:http';
import { accountOf } from '../account.js';
import type { World } from '../world.js';
import { AwsError } from './aws-error.js';
import type { Caller } from './operation.js';
import { refusal } from './refusals.js';
import type { RestRequest } from './rest-json.js';
import { findRoute } from './services.js';
import { readAuthorization } from './signature.js';
import { verifySignature } from './verify-signature.js';

export type ServiceName = 'ec2' | 'ssm' | 'sts' | 'ebs' | 'pricing';

/** An HTTP request, as far as it can be understood before its parameters are decoded. */
export interface AwsRequest {
  readonly service: ServiceName;
  readonly operation: string;
  readonly caller: Caller;
  /** Form-encoded parameters (EC2, STS) or JSON (SSM, the Price List). */
  readonly body: string;
  /** Where the parameters of a REST service are. */
  readonly rest: RestRequest;
}

/** One that was read whole. */
export interface HttpRequest extends RestRequest {
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** Of the services that speak JSON: whose operation is meant. */
const TARGET = /^(?:AmazonSSM|AWSPriceListService)\.(\w+)$/;
const SERVICES: readonly string[] = ['ec2', 'ssm', 'sts', 'ebs', 'pricing'] satisfies readonly ServiceName[];

/**
 * Whom it is for and from: service and Region are in the credential scope (Signature Version 4), which its signature
 * vouches for.
 *
 * @throws AwsError for a request that nobody signed who may, UnsupportedOperation for a service that is not here, MissingAction.
 */
export async function readAwsRequest(world: World, request: HttpRequest): Promise<AwsRequest> {
  const { headers, method, url } = request;
  const rest = { method, url };
  const body = request.body.toString();
  const target = headers['x-amz-target'];
  const targeted = typeof target === 'string' ? TARGET.exec(target)?.[1] : undefined;
  const operation = targeted ?? new URLSearchParams(body).get('Action') ?? '';
  if (headers.authorization === undefined) {
    if (operation !== 'AssumeRoleWithWebIdentity') throw missingToken();
    const caller = { region: 'us-east-1', account: accountOf(''), accessKeyId: '' };
    return { service: 'sts', operation, caller, body, rest };
  }
  const authorization = readAuthorization(headers.authorization);
  if (authorization === undefined) throw refusal(serviceOf(headers), 'incomplete');
  const { accessKeyId, region, service } = authorization;
  if (!isService(service)) {
    throw new AwsError(
      'UnsupportedOperation',
      `The sandbox has no service "${service}", only EC2, EBS direct, SSM, STS and the Price List.`,
    );
  }
  await verifySignature(world, service, authorization, request);
  const token = headers['x-amz-security-token'];
  const session = typeof token === 'string' ? world.keyring.sessionOf(token) : undefined;
  const caller = { region, account: accountOf(accessKeyId), accessKeyId, session };
  if (service === 'ebs') {
    return { service, operation: findRoute(service, rest) ?? `${method} ${url}`, caller, body, rest };
  }
  if (operation === '') throw new AwsError('MissingAction', 'The request must contain the parameter Action');
  return { service, operation, caller, body, rest };
}

/** Whose clients will understand the answer, also where the request does not say whom it is for. */
export function serviceOf({ authorization = '', 'x-amz-target': target }: IncomingHttpHeaders): ServiceName {
  const service = readAuthorization(authorization)?.service ?? '';
  if (isService(service)) return service;
  return target === undefined ? 'ec2' : 'ssm';
}

function missingToken(): AwsError {
  return new AwsError('MissingAuthenticationToken', 'Request is missing Authentication Token', 403);
}

function isService(name: string): name is ServiceName {
  return SERVICES.includes(name);
}
