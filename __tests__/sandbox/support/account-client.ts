import { EC2Client } from '@aws-sdk/client-ec2';
import type { Sandbox } from '../../../sandbox/start.js';
import { REGION } from './session.js';

/** An EC2 client of some account: the access key says which. */
export function accountClient({ endpoint }: Sandbox, account: string, region = REGION): EC2Client {
  const credentials = { accessKeyId: `AKIA${account}TEST`, secretAccessKey: 'test' };
  return new EC2Client({ endpoint, region, credentials, maxAttempts: 1 });
}

/** What AWS calls the refusal of that call; `accepted` when there was none. */
export async function refusalOf(call: Promise<unknown>): Promise<string> {
  return call.then(
    () => 'accepted',
    (error: unknown) => (error instanceof Error ? error.name : String(error)),
  );
}
