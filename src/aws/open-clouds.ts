import type { Cloud } from '../build/cloud.js';
import { withinScope } from '../build/visible-cloud.js';
import type { Clock } from '../lib/clock.js';
import { memoize } from '../lib/memoize.js';
import type { ApiCalls } from './create-cloud.js';
import type { ProxyFor } from './proxy-agent.js';
import type { Repeats } from './retries.js';
import type { WebIdentity } from './web-identity.js';

export interface CloudsOptions {
  /** Whose images and instances are to be seen; what is another scope's is not there. */
  readonly scope: string;
  readonly calls: ApiCalls;
  /** Counted up with every request that is sent again. */
  readonly repeats?: Repeats;
  readonly clock: Clock;
  /** A role to assume; undefined: whatever credentials the environment has. */
  readonly identity: WebIdentity | undefined;
  /** Undefined: the environment names no proxy. */
  readonly proxyFor: ProxyFor | undefined;
}

/** AWS, one cloud for each Region. The SDK is loaded here and not before: a run that asks nothing of AWS starts faster. */
export async function openClouds({
  scope,
  calls,
  repeats,
  clock,
  identity,
  proxyFor,
}: CloudsOptions): Promise<(region: string) => Cloud> {
  const { createCloud } = await import('./create-cloud.js');
  const agent = proxyFor === undefined ? undefined : new (await import('./proxy-agent.js')).ProxyAgent(proxyFor);
  const credentials =
    identity === undefined ? undefined : (await import('./web-identity.js')).assumeRole(identity, clock, agent);
  return memoize((region: string) => withinScope(createCloud(region, calls, { credentials, repeats, agent }), scope));
}

/** For runs without AWS: whoever asks has a bug. */
export function noCloud(region: string): Cloud {
  throw new Error(`an offline run asked AWS for ${region}`);
}
