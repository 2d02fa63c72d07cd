import { heartbeatTags, releaseTags, type Tags } from '../images/tags.js';
import type { Clock } from '../lib/clock.js';
import { CloudFailure, type Cloud } from './cloud.js';
import { endAll } from './end-all.js';

/** The instances that this run has in one Region. */
export interface Fleet {
  /** Says of an instance, until it ends, that its run is at it. */
  readonly hold: (instanceId: string) => void;
  /** Says it no more, and says nothing else: it is another run's now. */
  readonly drop: (instanceId: string) => void;
  /** Leaves it running for the next run. */
  readonly release: (instanceId: string) => Promise<void>;
  /**
   * Terminates it, unless it has ended or is another run's now; all that end at the same moment share a request. Rejects
   * when AWS refuses, or EC2 does not get to know the id; the next run may end it then.
   */
  readonly end: (instanceId: string) => Promise<void>;
}

export interface FleetOptions {
  readonly cloud: Pick<Cloud, 'tag' | 'terminate'>;
  readonly clock: Clock;
  readonly heartbeatIntervalMs: number;
}

/** Layers that are cancelled together end their instances within this time. */
const GATHER_MS = 20;

export function createFleet({ cloud, clock, heartbeatIntervalMs }: FleetOptions): Fleet {
  const held = new Set<string>();
  const gone = new Set<string>();
  let rest: AbortController | undefined;
  let gathering: { readonly ids: Set<string>; readonly troubles: Promise<ReadonlyMap<string, Error>> } | undefined;

  const beat = async (): Promise<void> => {
    while (held.size > 0) {
      rest = new AbortController();
      await clock.sleep(heartbeatIntervalMs, rest.signal);
      // One that is missed is made up for by the next; a run that misses many is taken for dead, rightly.
      if (held.size > 0) await tagAll([...held], heartbeatTags(clock.now()), cloud).catch(() => undefined);
    }
    rest = undefined;
  };

  const letGo = (instanceId: string): void => {
    held.delete(instanceId);
    if (held.size === 0) rest?.abort();
  };

  const endGathered = async (ids: ReadonlySet<string>): Promise<ReadonlyMap<string, Error>> => {
    await clock.sleep(GATHER_MS);
    gathering = undefined;
    const troubles = await endAll([...ids], cloud, clock);
    // Nobody is at them any more, though they are there: the next run need not wait until the claim is stale.
    if (troubles.size > 0) await cloud.tag([...troubles.keys()], releaseTags()).catch(() => undefined);
    return troubles;
  };

  return {
    hold: (instanceId) => {
      held.add(instanceId);
      if (rest === undefined) void beat();
    },
    drop: (instanceId) => {
      gone.add(instanceId);
      letGo(instanceId);
    },
    release: async (instanceId) => {
      gone.add(instanceId);
      letGo(instanceId);
      await cloud.tag([instanceId], releaseTags());
    },
    end: async (instanceId) => {
      if (gone.has(instanceId)) return;
      letGo(instanceId);
      if (gathering === undefined) {
        const ids = new Set<string>();
        gathering = { ids, troubles: endGathered(ids) };
      }
      gathering.ids.add(instanceId);
      const trouble = (await gathering.troubles).get(instanceId);
      if (trouble !== undefined) throw trouble;
      gone.add(instanceId);
    },
  };
}

/** What AWS took back is forgotten in an hour or so. EC2 refuses to tag all that are named with it, of which the others are there. */
async function tagAll(ids: readonly string[], tags: Tags, cloud: Pick<Cloud, 'tag'>): Promise<void> {
  try {
    await cloud.tag(ids, tags);
  } catch (error) {
    if (!(error instanceof CloudFailure && error.code === 'InvalidInstanceID.NotFound')) throw error;
    await Promise.allSettled(ids.map((id) => cloud.tag([id], tags)));
  }
}
