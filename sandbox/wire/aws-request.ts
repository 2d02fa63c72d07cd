import type { IncomingHttpHeaders } from 'node:http';
import { AwsError } from './aws-error.js';
import type { Caller } from './operation.js';

export type ServiceName = 'ec2' | 'ssm' | 'sts';

/** An HTTP request, as far as it can be understood before its parameters are decoded. */
export interface AwsRequest {
  readonly service: ServiceName;
  readonly operation: string;
  readonly caller: Caller;
  /** Form-encoded parameters (EC2, STS) or JSON (SSM). */
  readonly body: string;
}

const SSM_TARGET = /^AmazonSSM\.(\w+)$/;
const CREDENTIAL = /Credential=([^/,\s]+)\/\d{8}\/([a-z0-9-]+)\/([a-z0-9-]+)\/aws4_request/;

/** Signatures are not checked, only read: service and Region are in the credential scope (Signature Version 4). */
export function readAwsRequest(headers: IncomingHttpHeaders, body: string): AwsRequest {
  const scope = CREDENTIAL.exec(headers.authorization ?? '');
  const target = headers['x-amz-target'];
  const ssmOperation = typeof target === 'string' ? SSM_TARGET.exec(target)?.[1] : undefined;
  const operation = ssmOperation ?? new URLSearchParams(body).get('Action') ?? '';
  if (scope === null) {
    if (operation !== 'AssumeRoleWithWebIdentity') {
      throw new AwsError('MissingAuthenticationToken', 'Request is missing Authentication Token', 403);
    }
    return { service: 'sts', operation, caller: { region: 'us-east-1', accessKeyId: '' }, body };
  }
  const [, accessKeyId = '', region = '', service = ''] = scope;
  if (service !== 'ec2' && service !== 'ssm' && service !== 'sts') {
    throw new AwsError('UnsupportedOperation', `The sandbox has no service "${service}", only EC2, SSM and STS.`);
  }
  if (operation === '') throw new AwsError('MissingAction', 'The request must contain the parameter Action');
  return { service, operation, caller: { region, accessKeyId }, body };
}
