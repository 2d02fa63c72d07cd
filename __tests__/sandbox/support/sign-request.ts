import { authorize, type SignedRequest } from '../../../sandbox/wire/signature.js';
import type { Credentials } from './credentials-of.js';

export interface Unsigned extends Partial<Pick<SignedRequest, 'method' | 'url'>> {
  readonly endpoint: string;
  /** `<service>/<Region>` */
  readonly scope: string;
  readonly credentials: Credentials;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array;
  readonly date?: Date;
}

/** All headers of a request that is signed as AWS's clients sign theirs. */
export async function signRequest(request: Unsigned): Promise<Readonly<Record<string, string>>> {
  const { endpoint, scope, credentials, headers: more = {}, date = new Date(), method = 'POST', url = '/' } = request;
  const [service = '', region = ''] = scope.split('/');
  const { sessionToken, ...key } = credentials;
  const headers = {
    host: new URL(endpoint).host,
    'x-amz-date': date.toISOString().replace(/[-:]|\.\d+/g, ''),
    ...(sessionToken !== undefined && { 'x-amz-security-token': sessionToken }),
    ...more,
  };
  const body = typeof request.body === 'string' ? Buffer.from(request.body) : request.body;
  return { ...headers, authorization: await authorize({ method, url, headers, body }, { ...key, region, service }) };
}
