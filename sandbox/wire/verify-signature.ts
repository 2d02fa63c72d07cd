import { createHash } from 'node:crypto';
import { isSame } from '../keyring.js';
import type { World } from '../world.js';
import type { HttpRequest, ServiceName } from './aws-request.js';
import { refusal } from './refusals.js';
import { authorize, dateOf, type Authorization } from './signature.js';

/** How far AWS lets a caller's clock be from its own. */
const MOST_SKEW_MS = 5 * 60_000;
const TOKEN_HEADER = 'x-amz-security-token';

/**
 * That the request was signed, whole, not long ago, and with a key of this sandbox. Only headers that are signed count:
 * the others could be anybody's.
 *
 * @throws AwsError in the service's own words.
 */
export async function verifySignature(
  world: World,
  service: ServiceName,
  authorization: Authorization,
  { method, url, headers, body }: HttpRequest,
): Promise<void> {
  const { accessKeyId, signedHeaders, signature, day, region } = authorization;
  const secretAccessKey = world.keyring.secretOf(accessKeyId, textOf(headers[TOKEN_HEADER]));
  if (secretAccessKey === undefined) throw refusal(service, 'unknown');
  const signed: Readonly<Record<string, string>> = Object.fromEntries(
    signedHeaders.map((name) => [name, textOf(headers[name]) ?? '']),
  );
  const { 'x-amz-date': date = '', host = '', 'x-amz-content-sha256': digest = '' } = signed;
  if (host === '' || Number.isNaN(dateOf(date).getTime()) || !date.startsWith(day))
    throw refusal(service, 'incomplete');
  if (headers['x-amz-target'] !== undefined && !signedHeaders.includes('x-amz-target')) {
    throw refusal(service, 'incomplete');
  }
  const isWhole =
    !signedHeaders.includes('x-amz-content-sha256') || digest === createHash('sha256').update(body).digest('hex');
  const key = { accessKeyId, secretAccessKey, region, service: authorization.service };
  const expected = await authorize({ method, url, headers: signed, body }, key);
  if (!isWhole || !isSame(expected.slice(expected.lastIndexOf('=') + 1), signature)) {
    throw refusal(service, 'mismatch');
  }
  if (!isTimely(world, dateOf(date).getTime())) throw refusal(service, 'late');
}

/**
 * Callers live in this machine's time or in the sandbox's, and an SDK that learns of the other moves its signatures' dates
 * over. So anything between the two is now.
 */
function isTimely(world: World, date: number): boolean {
  const times = [Date.now(), world.now()];
  const skew = MOST_SKEW_MS * Math.max(1, world.clock.rate());
  return date > Math.min(...times) - MOST_SKEW_MS && date < Math.max(...times) + skew;
}

function textOf(header: string | readonly string[] | undefined): string | undefined {
  return typeof header === 'string' ? header : header?.join(', ');
}
