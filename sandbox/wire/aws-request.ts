import type { IncomingHttpHeaders } from 'node:http';
import { accountOf } from '../account.js';
import { decodeSession } from '../sts/session-token.js';
import { AwsError } from './aws-error.js';
import type { Caller } from './operation.js';
import type { RestRequest } from './rest-json.js';
import { findRoute } from './services.js';

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
  readonly body: string;
}

/** Of the services that speak JSON: whose operation is meant. */
const TARGET = /^(?:AmazonSSM|AWSPriceListService)\.(\w+)$/;
const CREDENTIAL = /Credential=([^/,\s]+)\/\d{8}\/([a-z0-9-]+)\/([a-z0-9-]+)\/aws4_request/;

/**
 * Signatures are not checked, only read: service and Region are in the credential scope (Signature Version 4).
 *
 * @throws AwsError MissingAuthenticationToken, UnsupportedOperation for a service that is not here, MissingAction.
 */
export function readAwsRequest({ headers, body, ...rest }: HttpRequest): AwsRequest {
  const scope = CREDENTIAL.exec(headers.authorization ?? '');
  const target = headers['x-amz-target'];
  const targeted = typeof target === 'string' ? TARGET.exec(target)?.[1] : undefined;
  const operation = targeted ?? new URLSearchParams(body).get('Action') ?? '';
  if (scope === null) {
    if (operation !== 'AssumeRoleWithWebIdentity') {
      throw new AwsError('MissingAuthenticationToken', 'Request is missing Authentication Token', 403);
    }
    const caller = { region: 'us-east-1', account: accountOf(''), accessKeyId: '' };
    return { service: 'sts', operation, caller, body, rest };
  }
  const [, accessKeyId = '', region = '', service = ''] = scope;
  const token = headers['x-amz-security-token'];
  const session = typeof token === 'string' ? decodeSession(token) : undefined;
  const caller = { region, account: accountOf(accessKeyId), accessKeyId, session };
  switch (service) {
    case 'ec2':
    case 'ssm':
    case 'sts':
    case 'pricing':
      if (operation === '') throw new AwsError('MissingAction', 'The request must contain the parameter Action');
      return { service, operation, caller, body, rest };
    case 'ebs':
      return { service, operation: findRoute(service, rest) ?? `${rest.method} ${rest.url}`, caller, body, rest };
    default:
      throw new AwsError(
        'UnsupportedOperation',
        `The sandbox has no service "${service}", only EC2, EBS direct, SSM, STS and the Price List.`,
      );
  }
}
