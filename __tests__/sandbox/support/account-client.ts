import { EC2Client } from '@aws-sdk/client-ec2';
import type { AccessKey } from '../../../sandbox/keyring.js';
import type { Sandbox } from '../../../sandbox/start.js';
import { REGION } from './session.js';

/** An EC2 client of some account. */
export function accountClient({ endpoint, control }: Sandbox, account: string, region = REGION): EC2Client {
  const credentials = (): Promise<AccessKey> => control.accessKey(account);
  return new EC2Client({ endpoint, region, credentials, maxAttempts: 1 });
}

/** What AWS calls the refusal of that call; `accepted` when there was none. */
export async function refusalOf(call: Promise<unknown>): Promise<string> {
  return call.then(
    () => 'accepted',
    (error: unknown) => (error instanceof Error ? error.name : String(error)),
  );
}
