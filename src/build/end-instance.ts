import type { BuildContext } from './context.js';

/** EC2 may not know a new id for some seconds (EC2 Developer Guide, "Eventual consistency"). */
const UNKNOWN_TIMEOUT_MS = 60_000;
const INTERVAL_MS = 500;

/**
 * Terminates an instance that may have been launched a moment ago: a run that is cancelled at once must not take "no
 * such instance" for an end. Does not listen to the cancellation. Throws when EC2 does not get to know the id.
 */
export async function endInstance(
  instanceId: string,
  { cloud, clock }: Pick<BuildContext, 'cloud' | 'clock'>,
): Promise<void> {
  const deadline = clock.now() + UNKNOWN_TIMEOUT_MS;
  while ((await cloud.terminate([instanceId])).length > 0) {
    if (clock.now() >= deadline) throw new Error(`EC2 does not know ${instanceId}`);
    await clock.sleep(INTERVAL_MS);
  }
}
