import type { Clock } from '../lib/clock.js';
import type { Cloud } from './cloud.js';

/** EC2 may not know a new id for some seconds (EC2 Developer Guide, "Eventual consistency"). */
const UNKNOWN_TIMEOUT_MS = 60_000;
const INTERVAL_MS = 500;

/** Terminates instances, also such that EC2 does not know yet. What kept some from being ended, by id. */
export async function endAll(
  ids: readonly string[],
  cloud: Pick<Cloud, 'terminate'>,
  clock: Clock,
): Promise<ReadonlyMap<string, Error>> {
  const deadline = clock.now() + UNKNOWN_TIMEOUT_MS;
  try {
    let left = await cloud.terminate(ids);
    while (left.length > 0 && clock.now() < deadline) {
      await clock.sleep(INTERVAL_MS);
      left = await cloud.terminate(left);
    }
    return new Map(left.map((id) => [id, new Error(`EC2 does not know ${id}`)]));
  } catch (error) {
    const trouble = error instanceof Error ? error : new Error(String(error));
    if (ids.length === 1) return new Map(ids.map((id) => [id, trouble]));
    // One that may not be ended fails the request for all others (TerminateInstances, EC2 API reference).
    const each = await Promise.all(ids.map((id) => endAll([id], cloud, clock)));
    return new Map(each.flatMap((troubles) => [...troubles]));
  }
}
