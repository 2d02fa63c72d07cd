import { HttpClient } from '@actions/http-client';
import { BearerCredentialHandler } from '@actions/http-client/lib/auth';
import type { Environment } from './event.js';

interface Answer {
  readonly value?: string;
}

/**
 * A new OIDC token of this job, valid for about five minutes (google-github-actions/auth README). Straight through the
 * toolkit's HTTP client: @actions/core's own function would pull that client into every start of the action.
 *
 * @throws Error when the job has no `id-token: write` permission, or GitHub gives no token.
 */
export async function fetchIdToken(env: Environment, audience: string): Promise<string> {
  const url = env.ACTIONS_ID_TOKEN_REQUEST_URL;
  const requestToken = env.ACTIONS_ID_TOKEN_REQUEST_TOKEN;
  if (url === undefined || requestToken === undefined) throw new Error('this job may not ask GitHub for a token');
  const client = new HttpClient('ami-layers', [new BearerCredentialHandler(requestToken)], {
    allowRetries: true,
    maxRetries: 3,
  });
  const { result } = await client.getJson<Answer>(`${url}&audience=${encodeURIComponent(audience)}`);
  if (result?.value === undefined) throw new Error('GitHub answered without a token');
  return result.value;
}
