import { AssumeRoleWithWebIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import type { Sandbox } from '../../../sandbox/start.js';
import type { Credentials } from './credentials-of.js';
import { REGION } from './session.js';

/** Temporary credentials, as a job of GitHub gets them. */
export async function assumeRole({ endpoint, control }: Sandbox, RoleArn: string): Promise<Required<Credentials>> {
  const sts = new STSClient({ endpoint, region: REGION });
  const WebIdentityToken = await control.identityToken('repo:owner/name:ref:refs/heads/main');
  const request = { RoleArn, RoleSessionName: 'run-1', WebIdentityToken };
  const { Credentials } = await sts.send(new AssumeRoleWithWebIdentityCommand(request));
  const { AccessKeyId = '', SecretAccessKey = '', SessionToken = '' } = Credentials ?? {};
  return { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey, sessionToken: SessionToken };
}
