import type { Cloud } from '../build/cloud.js';
import { memoize } from '../lib/memoize.js';
import type { ApiCalls } from './create-cloud.js';

/** AWS, one cloud for each Region. The SDK is loaded here and not before: a run that asks nothing of AWS starts faster. */
export async function openClouds(calls: ApiCalls): Promise<(region: string) => Cloud> {
  const { createCloud } = await import('./create-cloud.js');
  return memoize((region: string) => createCloud(region, calls));
}

/** For runs without AWS: whoever asks has a bug. */
export function noCloud(region: string): Cloud {
  throw new Error(`an offline run asked AWS for ${region}`);
}
