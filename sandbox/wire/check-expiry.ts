import { refusesKey } from '../faults.js';
import type { World } from '../world.js';
import type { AwsRequest } from './aws-request.js';
import { refusal } from './refusals.js';

/** @throws AwsError when the request's temporary credentials have expired, or a fault says so. */
export function checkExpiry(world: World, { service, caller }: AwsRequest): void {
  const { session, accessKeyId } = caller;
  const hasExpired = session !== undefined && session.expiresAt <= world.now();
  if (hasExpired || refusesKey(world.faults, accessKeyId)) throw refusal(service, 'expired');
}
