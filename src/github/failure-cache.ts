import type { RunIdentity } from '../run-identity.js';
import { openCacheService, type Program } from './cache-service.js';
import { tell } from './logs.js';

const PREFIX = 'ami-layers-failed-';

/** Another one when the meaning of the text changes. */
const NAME = 'ami-layers-failed-1.json';

/** What the jobs of one attempt of a run tell each other of layers that failed, by their keys. Nothing here throws. */
export interface FailureCache {
  readonly isAnyTold: () => Promise<boolean>;
  readonly find: (key: string) => Promise<string | undefined>;
  readonly tell: (key: string, text: string) => Promise<void>;
}

/** In GitHub's cache: unlike anything else that jobs share, it needs no permission and no step of the workflow. */
export function openFailureCache(
  { id, attempt, token }: Pick<RunIdentity, 'id' | 'attempt' | 'token'>,
  program: Program,
): FailureCache {
  const service = openCacheService(program, NAME);
  const ofAttempt = `${PREFIX}${id}-${attempt}-`;
  const orNothing = async <T>(asked: Promise<T> | undefined): Promise<T | undefined> => {
    try {
      return await asked;
    } catch (error) {
      tell('debug', `Cache of failed layers: ${error instanceof Error ? error.message : String(error)}`);
      return undefined;
    }
  };
  return {
    isAnyTold: async () => (await orNothing(service?.find(ofAttempt))) !== undefined,
    find: (key) => orNothing(service?.find(`${ofAttempt}${key}-`)),
    tell: async (key, text) => {
      await orNothing(service?.add(`${ofAttempt}${key}-${token.slice(0, 8)}`, text));
    },
  };
}
