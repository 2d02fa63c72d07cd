import type { WebIdentity } from '../aws/web-identity.js';
import type { Environment } from '../github/event.js';
import { maskSecret } from '../github/mask-secret.js';
import type { Inputs } from '../inputs.js';

/** STS answers in every Region; without one of our own, in the one that every account has. */
const ANY_REGION = 'us-east-1';

/** The role the inputs name, assumed with tokens of this job; undefined when they name none. */
export function webIdentityOf(inputs: Inputs, env: Environment): WebIdentity | undefined {
  const { roleToAssume, roleSessionName, roleDurationSeconds, awsRegion, audience } = inputs;
  if (roleToAssume === undefined) return undefined;
  return {
    roleArn: roleToAssume,
    sessionName: roleSessionName ?? `ami-layers-${env.GITHUB_RUN_ID ?? 'run'}`,
    durationSeconds: roleDurationSeconds,
    region: awsRegion ?? env.AWS_REGION ?? ANY_REGION,
    fetchToken: async () => (await import('../github/id-token.js')).fetchIdToken(env, audience),
    onSecret: maskSecret,
  };
}

/** A warning for credentials that cannot be renewed: they end while a long build still needs them. */
export function warnOfStaticSession(inputs: Inputs, env: Environment): readonly string[] {
  const isStatic = env.AWS_SESSION_TOKEN !== undefined && env.AWS_SESSION_TOKEN !== '';
  if (inputs.roleToAssume !== undefined || !isStatic) return [];
  return [
    'The AWS credentials in the environment are a session that cannot be renewed: a build that lasts longer fails. ' +
      'Fix: give `role-to-assume` to this action instead; it renews its own.',
  ];
}
