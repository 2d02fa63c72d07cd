import { refusesKey } from '../faults.js';
import type { World } from '../world.js';
import { AwsError } from './aws-error.js';
import type { AwsRequest, ServiceName } from './aws-request.js';

interface Refusals {
  readonly expired: readonly [code: string, message: string, status: number];
  /** A session token that belongs to another access key. */
  readonly invalid: readonly [code: string, message: string, status: number];
}

const EXPIRED = 'The security token included in the request is expired';
const INVALID = 'The security token included in the request is invalid.';

/** Each service says it in its own way (aws/aws-sdk-java#1443 for EC2; jenkinsci/ec2-plugin#1008 for STS; `SDK` for the others). */
const REFUSALS: Readonly<Record<ServiceName, Refusals>> = {
  ec2: {
    expired: ['RequestExpired', 'Request has expired.', 400],
    invalid: ['AuthFailure', 'AWS was not able to validate the provided access credentials', 401],
  },
  ssm: { expired: ['ExpiredTokenException', EXPIRED, 400], invalid: ['UnrecognizedClientException', INVALID, 400] },
  ebs: { expired: ['ExpiredTokenException', EXPIRED, 403], invalid: ['UnrecognizedClientException', INVALID, 403] },
  pricing: { expired: ['ExpiredTokenException', EXPIRED, 400], invalid: ['UnrecognizedClientException', INVALID, 400] },
  sts: { expired: ['ExpiredToken', EXPIRED, 403], invalid: ['InvalidClientTokenId', INVALID, 403] },
};

/** @throws AwsError when the request's temporary credentials have expired, or a fault says so. */
export function checkCredentials(world: World, { service, caller }: AwsRequest): void {
  const { session, accessKeyId } = caller;
  if (session !== undefined && session.accessKeyId !== accessKeyId) throw new AwsError(...REFUSALS[service].invalid);
  const hasExpired = session !== undefined && session.expiresAt <= world.now();
  if (hasExpired || refusesKey(world.faults, accessKeyId)) throw new AwsError(...REFUSALS[service].expired);
}
