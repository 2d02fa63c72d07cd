import * as sts from '@aws-sdk/client-sts';
import { ACCOUNT_ID } from '../account.js';
import { AwsError } from '../wire/aws-error.js';
import { operation, type Operation } from '../wire/operation.js';
import type { World } from '../world.js';

const SESSION_SECONDS = { least: 900, most: 43_200, usual: 3600 };

export const stsOperations: readonly Operation[] = [
  operation(sts.AssumeRoleWithWebIdentity$, assumeRoleWithWebIdentity),
  operation(sts.GetCallerIdentity$, getCallerIdentity),
];

function getCallerIdentity(): sts.GetCallerIdentityResponse {
  return { Account: ACCOUNT_ID, Arn: `arn:aws:iam::${ACCOUNT_ID}:user/sandbox`, UserId: 'AIDASANDBOX0000000000' };
}

/** Tokens are not verified: whoever reaches this server is on this machine. */
function assumeRoleWithWebIdentity(
  world: World,
  request: sts.AssumeRoleWithWebIdentityRequest,
): sts.AssumeRoleWithWebIdentityResponse {
  const { RoleArn = '', RoleSessionName = '', WebIdentityToken, DurationSeconds = SESSION_SECONDS.usual } = request;
  const role = /^arn:aws[a-z-]*:iam::(\d{12}):role\/(?:.*\/)?([\w+=,.@-]+)$/.exec(RoleArn);
  if (role === null) throw new AwsError('ValidationError', `${RoleArn} is invalid`);
  if (!/^[\w+=,.@-]{2,64}$/.test(RoleSessionName)) {
    throw new AwsError(
      'ValidationError',
      `1 validation error detected: Value '${RoleSessionName}' at 'roleSessionName' failed to satisfy constraint`,
    );
  }
  if (!WebIdentityToken) throw new AwsError('InvalidIdentityToken', 'No OpenIDConnect token was given');
  if (DurationSeconds < SESSION_SECONDS.least || DurationSeconds > SESSION_SECONDS.most) {
    throw new AwsError(
      'ValidationError',
      'The requested DurationSeconds exceeds the MaxSessionDuration set for this role.',
    );
  }
  const [, account = '', name = ''] = role;
  return {
    Credentials: {
      AccessKeyId: 'ASIASANDBOX000000000',
      SecretAccessKey: 'sandbox',
      SessionToken: 'sandbox-session',
      Expiration: new Date(world.now() + DurationSeconds * 1000),
    },
    AssumedRoleUser: {
      AssumedRoleId: `AROASANDBOX0000000000:${RoleSessionName}`,
      Arn: `arn:aws:sts::${account}:assumed-role/${name}/${RoleSessionName}`,
    },
    Provider: 'token.actions.githubusercontent.com',
    Audience: 'sts.amazonaws.com',
  };
}
