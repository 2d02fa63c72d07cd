import { debug } from '@actions/core';
import { z } from 'zod';
import { NO_HISTORY, type History } from '../plan/history.js';
import type { RunIdentity } from '../run-identity.js';
import { openCacheService, type Program } from './cache-service.js';

const PREFIX = 'ami-layers-history-';

/** Another one when the meaning of the text changes. */
const NAME = 'ami-layers-history-1.json';

const HISTORY = z.record(z.string(), z.array(z.number().nonnegative()).readonly());

/** What earlier runs have measured; nothing when the cache has none, or is none. Never throws. */
export async function restoreHistory(program: Program): Promise<History> {
  try {
    const text = await openCacheService(program, NAME)?.find(PREFIX);
    return text === undefined ? NO_HISTORY : HISTORY.parse(JSON.parse(text));
  } catch (error) {
    debug(`History of durations: not read (${oneLine(error)})`);
    return NO_HISTORY;
  }
}

/** Leaves a history for later runs. Never throws. */
export async function saveHistory(
  history: History,
  { id, attempt, token }: RunIdentity,
  program: Program,
): Promise<void> {
  try {
    await openCacheService(program, NAME)?.add(
      `${PREFIX}${id}-${attempt}-${token.slice(0, 8)}`,
      JSON.stringify(history),
    );
  } catch (error) {
    debug(`History of durations: not saved (${oneLine(error)})`);
  }
}

function oneLine(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).replace(/\s+/g, ' ').slice(0, 200);
}
