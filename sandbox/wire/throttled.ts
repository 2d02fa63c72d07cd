import type { World } from '../world.js';
import { AwsError } from './aws-error.js';
import type { AwsRequest, ServiceName } from './aws-request.js';

const REFUSALS = {
  ec2: ['RequestLimitExceeded', 'Request limit exceeded.', 503],
  ssm: ['ThrottlingException', 'Rate exceeded', 400],
  sts: ['Throttling', 'Rate exceeded', 400],
  pricing: ['ThrottlingException', 'Rate exceeded', 400],
  ebs: ['RequestThrottledException', 'Rate exceeded', 400],
} as const satisfies Record<ServiceName, readonly [code: string, message: string, status: number]>;

/** @throws AwsError in the service's own words when the call comes too soon after others. */
export function checkThrottle(world: World, { service, operation, caller }: AwsRequest, parameters: unknown): void {
  const { account, region } = caller;
  if (world.throttle.admits({ service, operation, account, region, parameters })) return;
  const [code, message, status] = REFUSALS[service];
  throw new AwsError(code, message, status);
}
