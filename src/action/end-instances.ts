import type { Cloud } from '../build/cloud.js';
import type { OnCancel } from '../build/context.js';
import { print } from '../github/logs.js';
import type { RunState } from '../github/state.js';
import type { InstanceRecord } from '../images/instance-record.js';
import { releaseTags } from '../images/tags.js';
import type { Clock } from '../lib/clock.js';

/** The runner gives a cancelled job five minutes in all; a launch that was under way shows up within seconds. */
const BUDGET_MS = 60_000;
const QUIET_MS = 10_000;
const INTERVAL_MS = 2_000;

export interface Clearing {
  readonly cloud: Cloud;
  readonly state: RunState;
  readonly onCancel: OnCancel;
  readonly clock: Clock;
}

/**
 * Terminates what a run left in one Region, until nothing was to be seen for a while; a request that was in flight may
 * still bring one. Builders that the next run is to have are left to it. Returns what would not end.
 */
export async function endInstances({ cloud, state, onCancel, clock }: Clearing): Promise<readonly string[]> {
  const deadline = clock.now() + BUDGET_MS;
  let quietSince = clock.now();
  for (;;) {
    const left = await cloud.listInstances({ runToken: state.runToken });
    const kept = left.filter((one) => isForNextRun(one, { state, onCancel }));
    await release(kept, cloud);
    const ids = left.filter((one) => !kept.includes(one)).map(({ instanceId }) => instanceId);
    const now = clock.now();
    if (ids.length > 0) {
      print([`Terminating ${ids.join(', ')} in ${cloud.region}.`]);
      await cloud.terminate(ids);
      quietSince = now;
    }
    if (now - quietSince >= QUIET_MS) return [];
    if (now >= deadline) return ids;
    await clock.sleep(INTERVAL_MS);
  }
}

/** What main released, and all builders where it was to and had no time. */
function isForNextRun(
  { role, heartbeatAt }: InstanceRecord,
  { state, onCancel }: Pick<Clearing, 'state' | 'onCancel'>,
): boolean {
  return role === 'builder' && (heartbeatAt === undefined || (state.ended === 'killed' && onCancel === 'keep'));
}

async function release(kept: readonly InstanceRecord[], cloud: Cloud): Promise<void> {
  const ids = kept.filter(({ heartbeatAt }) => heartbeatAt !== undefined).map(({ instanceId }) => instanceId);
  if (ids.length === 0) return;
  print([`Leaving ${ids.join(', ')} in ${cloud.region} to the next run.`]);
  await cloud.tag(ids, releaseTags());
}
