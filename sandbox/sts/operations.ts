import * as sts from '@aws-sdk/client-sts';
import { temporaryAccessKeyId } from '../account.js';
import { AwsError } from '../wire/aws-error.js';
import { operation, type Caller, type Operation } from '../wire/operation.js';
import type { World } from '../world.js';

const SESSION_SECONDS = { least: 900, most: 43_200, usual: 3600 };

export const stsOperations: readonly Operation[] = [
  operation(sts.AssumeRoleWithWebIdentity$, assumeRoleWithWebIdentity),
  operation(sts.GetCallerIdentity$, getCallerIdentity),
];

function getCallerIdentity(_world: World, _request: unknown, caller: Caller): sts.GetCallerIdentityResponse {
  const { account, session } = caller;
  if (session !== undefined) return { Account: account, Arn: session.arn, UserId: session.userId };
  return { Account: account, Arn: `arn:aws:iam::${account}:user/sandbox`, UserId: 'AIDASANDBOX0000000000' };
}

/** AWS takes this call unsigned: the token is what says who asks, so it has to be one of the sandbox's own. */
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
  if (!world.keyring.isIdentityToken(WebIdentityToken ?? '')) {
    throw new AwsError('InvalidIdentityToken', 'The web identity token that was passed could not be validated by AWS');
  }
  if (DurationSeconds < SESSION_SECONDS.least || DurationSeconds > SESSION_SECONDS.most) {
    throw new AwsError(
      'ValidationError',
      'The requested DurationSeconds exceeds the MaxSessionDuration set for this role.',
    );
  }
  const [, account = '', name = ''] = role;
  const arn = `arn:aws:sts::${account}:assumed-role/${name}/${RoleSessionName}`;
  const userId = `AROASANDBOX0000000000:${RoleSessionName}`;
  const expiresAt = world.now() + DurationSeconds * 1000;
  const session = { accessKeyId: temporaryAccessKeyId(account), arn, userId, expiresAt };
  const { accessKeyId, secretAccessKey, sessionToken } = world.keyring.lend(session);
  return {
    Credentials: {
      AccessKeyId: accessKeyId,
      SecretAccessKey: secretAccessKey,
      SessionToken: sessionToken,
      Expiration: new Date(expiresAt),
    },
    AssumedRoleUser: { AssumedRoleId: userId, Arn: arn },
    Provider: 'token.actions.githubusercontent.com',
    Audience: 'sts.amazonaws.com',
  };
}
