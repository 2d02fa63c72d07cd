import { isFeatureAvailable, restoreCache, saveCache } from '@actions/cache';

/** What a process is asked for in its arguments: a file of its working folder, and the file's key in the cache. */
export type CacheRequest = readonly [what: 'find' | 'add', file: string, key: string];

/** The other half of cache-service.ts: all that this process does. */
export async function serveCacheRequest([what, file = '', key = '']: readonly string[]): Promise<void> {
  if (!isFeatureAvailable()) return;
  if (what === 'add') await saveCache([file], key);
  else await restoreCache([file], key, [key]);
}
