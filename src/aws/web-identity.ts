import type { Agent } from 'node:http';
import { AssumeRoleWithWebIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { CloudFailure } from '../build/cloud.js';
import type { Clock } from '../lib/clock.js';
import { wayOut } from './clients.js';

export interface WebIdentity {
  readonly roleArn: string;
  readonly sessionName: string;
  readonly durationSeconds: number;
  readonly region: string;
  /** A new token for each time a role is assumed: it lives for minutes only. */
  readonly fetchToken: () => Promise<string>;
  /** Told every secret, to keep it out of the log. */
  readonly onSecret: (secret: string) => void;
}

export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
  readonly expiration: Date;
}

export type CredentialsProvider = () => Promise<Credentials>;

/** The SDK asks for new credentials when the ones it has live for less than five minutes; so do we. */
const RENEW_BEFORE_MS = 5 * 60_000;

/**
 * Credentials of a role that renew themselves for as long as the job runs, shared by all clients: builds take hours and
 * a role's session one hour by default.
 */
export function assumeRole(identity: WebIdentity, clock: Clock, agent?: Agent): CredentialsProvider {
  const sts = new STSClient({ region: identity.region, ...wayOut(agent) });
  let current: Promise<Credentials> | undefined;
  let expiresAt = 0;

  const renew = async (): Promise<Credentials> => {
    const WebIdentityToken = await identity.fetchToken().catch((error: unknown) => {
      throw cannotSignIn(
        'NoIdToken',
        error,
        'give the job `permissions: id-token: write`; runs for forks never have it.',
      );
    });
    const { roleArn, sessionName, durationSeconds } = identity;
    const request = {
      RoleArn: roleArn,
      RoleSessionName: sessionName,
      DurationSeconds: durationSeconds,
      WebIdentityToken,
    };
    const answer = await sts.send(new AssumeRoleWithWebIdentityCommand(request)).catch((error: unknown) => {
      throw cannotSignIn(error instanceof Error ? error.name : 'Unknown', error, TRUST);
    });
    const { AccessKeyId, SecretAccessKey, SessionToken, Expiration } = answer.Credentials ?? {};
    if (
      AccessKeyId === undefined ||
      SecretAccessKey === undefined ||
      SessionToken === undefined ||
      Expiration === undefined
    ) {
      throw new Error('AssumeRoleWithWebIdentity answered without credentials');
    }
    for (const secret of [SecretAccessKey, SessionToken]) identity.onSecret(secret);
    expiresAt = Expiration.getTime();
    return {
      accessKeyId: AccessKeyId,
      secretAccessKey: SecretAccessKey,
      sessionToken: SessionToken,
      expiration: Expiration,
    };
  };

  return () => {
    if (current !== undefined && clock.now() < expiresAt - RENEW_BEFORE_MS) return current;
    const renewed = renew();
    // Everybody who asks meanwhile waits for the same answer; one that failed is not kept.
    expiresAt = Number.POSITIVE_INFINITY;
    current = renewed;
    renewed.catch(() => {
      current = undefined;
    });
    return renewed;
  };
}

const TRUST =
  'let the trust policy of the role accept this job: audience `sts.amazonaws.com` and a subject such as ' +
  '`repo:OWNER/REPO:ref:refs/heads/main` or `repo:OWNER/REPO:pull_request` (docs/permissions.md has them all).';

function cannotSignIn(code: string, cause: unknown, fix: string): CloudFailure {
  const message = cause instanceof Error ? cause.message : String(cause);
  return new CloudFailure({ operation: 'AssumeRoleWithWebIdentity', code, message, fix, treatment: 'give-up', cause });
}
