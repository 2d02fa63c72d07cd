import { z } from 'zod';
import { NOTHING_KEPT, type Kept } from '../plan/kept.js';
import type { RunIdentity } from '../run-identity.js';
import { openCacheService, type Program } from './cache-service.js';
import { tell } from './logs.js';

const PREFIX = 'ami-layers-kept-';

/** Another one when the meaning of the text changes. */
const NAME = 'ami-layers-kept-1.json';

const DAY = z.string().regex(/^\d{4}-\d\d-\d\d$/);
const KEPT = z.object({
  durations: z.record(z.string(), z.array(z.number().nonnegative()).readonly()),
  prices: z.array(
    z.object({ region: z.string(), date: DAY, usdPerHour: z.record(z.string(), z.number().positive()) }).readonly(),
  ),
  bases: z.record(z.string(), z.array(z.object({ imageId: z.string(), since: DAY }).readonly()).readonly()),
});

/** What earlier runs have left; nothing when the cache has none, or is none. Never throws. */
export async function restoreKept(program: Program): Promise<Kept> {
  try {
    const text = await openCacheService(program, NAME)?.find(PREFIX);
    return text === undefined ? NOTHING_KEPT : KEPT.parse(JSON.parse(text));
  } catch (error) {
    tell('debug', `Cache of earlier runs: not read (${oneLine(error)})`);
    return NOTHING_KEPT;
  }
}

/** Leaves something for later runs. Never throws. */
export async function saveKept(kept: Kept, { id, attempt, token }: RunIdentity, program: Program): Promise<void> {
  try {
    await openCacheService(program, NAME)?.add(`${PREFIX}${id}-${attempt}-${token.slice(0, 8)}`, JSON.stringify(kept));
  } catch (error) {
    tell('debug', `Cache of earlier runs: not saved (${oneLine(error)})`);
  }
}

function oneLine(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).replace(/\s+/g, ' ').slice(0, 200);
}
