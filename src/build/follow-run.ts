import { isHeldByOther } from '../images/claim.js';
import type { InstanceRecord } from '../images/instance-record.js';
import type { PlanItem } from '../plan/build-plan.js';
import type { BuildContext } from './context.js';
import { createHeartbeat } from './heartbeat.js';
import { isJudged, type Sought } from './next-move.js';

/** Waits until the other run is through with the layer, or gone. */
export async function followRun(
  item: PlanItem,
  { instanceId, runId, role }: InstanceRecord,
  sought: Sought,
  context: BuildContext,
): Promise<void> {
  const { watch, emit, run, clock, staleAfterMs } = context;
  const doing = role === 'builder' ? 'builds' : 'validates';
  emit({ kind: 'followed', key: item.key, runId, detail: `run ${runId} ${doing} it on ${instanceId}` });
  const beat = createHeartbeat(item.key, context);
  const settled = new AbortController();
  const wait = { timeoutMs: Number.POSITIVE_INFINITY, abandon: settled.signal, onTimeout: () => new Error('no time') };
  const left = watch.instances.wait(item.templateHash, {
    ...wait,
    until: (views = []) => {
      beat(`run ${runId} ${doing} it on ${instanceId}`);
      const observer = { run, now: clock.now(), staleAfterMs };
      return views.some((view) => isHeldByOther(view, observer)) ? undefined : true;
    },
  });
  const judged = watch.images.wait(item.templateHash, {
    ...wait,
    until: (views = []) => (views.some((view) => isJudged(view, sought)) ? true : undefined),
  });
  try {
    await Promise.race([left, judged]);
  } finally {
    settled.abort();
    await Promise.allSettled([left, judged]);
  }
}
