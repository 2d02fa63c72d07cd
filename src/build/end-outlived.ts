import { isHeldByOther, isLive } from '../images/claim.js';
import { mayChange } from '../images/trust.js';
import type { InstanceRecord } from '../images/instance-record.js';
import type { PlanItem } from '../plan/build-plan.js';
import { CloudFailure } from './cloud.js';
import type { RegionContext } from './execute-plan.js';
import type { Leftover } from './outcome.js';

/**
 * Ends what runs that are gone have left of layers that are not worked on, because they are done or blocked: nobody else
 * would look at them, and the timer of a stopped builder stands still. One request for all of them; when AWS refuses it,
 * the sweep will find them.
 */
export async function endOutlived(idle: readonly PlanItem[], context: RegionContext): Promise<readonly Leftover[]> {
  const { cloud, run, clock, staleAfterMs } = context;
  const byHash = new Map(idle.map((item) => [item.templateHash, item]));
  const observer = { run, now: clock.now(), staleAfterMs };
  const dead = (await instancesOf(context)).flatMap((one) => {
    const item = byHash.get(one.templateHash);
    return item !== undefined && isLive(one) && !isHeldByOther(one, observer) && mayChange(run, one)
      ? [{ item, one }]
      : [];
  });
  const left = await Promise.all(
    dead.map(async ({ item, one }): Promise<readonly Leftover[]> => {
      sayEnding(item, one, context);
      try {
        await context.fleet.end(one.instanceId);
        return [];
      } catch (error) {
        return [leftoverOf(one.instanceId, cloud.region, error)];
      }
    }),
  );
  return left.flat();
}

export function sayEnding(item: PlanItem, dead: InstanceRecord, { emit }: Pick<RegionContext, 'emit'>): void {
  const { instanceId, role, runId } = dead;
  emit({ kind: 'waiting', key: item.key, detail: `ends the ${role} ${instanceId} that run ${runId} left` });
}

export function leftoverOf(instanceId: string, region: string, error: unknown): Leftover {
  return { kind: 'instance', id: instanceId, region, why: error instanceof Error ? error.message : String(error) };
}

async function instancesOf({ cloud }: RegionContext): Promise<readonly InstanceRecord[]> {
  try {
    return await cloud.listInstances();
  } catch (error) {
    if (error instanceof CloudFailure) return [];
    throw error;
  }
}
