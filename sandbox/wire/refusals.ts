import { AwsError } from './aws-error.js';
import type { ServiceName } from './aws-request.js';

/** What can be wrong with the credentials of a request. */
export type CredentialFault =
  /** They were temporary, and are over. */
  | 'expired'
  /** No such key, or a session token that is not this key's. */
  | 'unknown'
  /** The signature is of another secret, or of another request. */
  | 'mismatch'
  /** It was signed too long ago, or is from the future. */
  | 'late'
  /** A part of the signature is missing. */
  | 'incomplete';

type Words = readonly [code: string, message: string, status: number];

const EXPIRED = 'The security token included in the request is expired';
const INVALID = 'The security token included in the request is invalid.';
const MISMATCH =
  'The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.';
const LATE = 'Signature expired or not yet current: its date is more than 5 minutes from now.';
const INCOMPLETE = 'Authorization header requires Credential, SignedHeaders (host, x-amz-date) and Signature.';
const AUTH_FAILURE: Words = ['AuthFailure', 'AWS was not able to validate the provided access credentials', 401];

/** How services that speak JSON say it, with that status. */
function inJson(status: number): Readonly<Record<CredentialFault, Words>> {
  return {
    expired: ['ExpiredTokenException', EXPIRED, status],
    unknown: ['UnrecognizedClientException', INVALID, status],
    mismatch: ['InvalidSignatureException', MISMATCH, status],
    late: ['InvalidSignatureException', LATE, status],
    incomplete: ['IncompleteSignatureException', INCOMPLETE, status],
  };
}

/** Each service says it in its own way (aws/aws-sdk-java#1443 for EC2; jenkinsci/ec2-plugin#1008 for STS; `SDK` for the others). */
const REFUSALS: Readonly<Record<ServiceName, Readonly<Record<CredentialFault, Words>>>> = {
  ec2: {
    expired: ['RequestExpired', 'Request has expired.', 400],
    unknown: AUTH_FAILURE,
    mismatch: AUTH_FAILURE,
    late: ['RequestExpired', 'Request has expired.', 400],
    incomplete: ['IncompleteSignature', INCOMPLETE, 400],
  },
  ssm: inJson(400),
  ebs: inJson(403),
  pricing: inJson(400),
  sts: {
    expired: ['ExpiredToken', EXPIRED, 403],
    unknown: ['InvalidClientTokenId', INVALID, 403],
    mismatch: ['SignatureDoesNotMatch', MISMATCH, 403],
    late: ['SignatureDoesNotMatch', LATE, 403],
    incomplete: ['IncompleteSignature', INCOMPLETE, 403],
  },
};

export function refusal(service: ServiceName, fault: CredentialFault): AwsError {
  return new AwsError(...REFUSALS[service][fault]);
}
