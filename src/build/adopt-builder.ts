import { claimTags } from '../images/tags.js';
import type { InstanceRecord } from '../images/instance-record.js';
import type { PlanItem } from '../plan/build-plan.js';
import type { BuildContext } from './context.js';
import { failed } from './failed.js';
import { waitForAgent, waitForStart, waitForStop, type OnInstance } from './instance-waits.js';
import type { LaunchedInstance } from './launch-instance.js';
import { undoInstance } from './undo-instance.js';

/** EC2 may go on showing old tags for some seconds (EC2 Developer Guide, "Eventual consistency"). */
const CLAIM_TIMEOUT_MS = 60_000;

/**
 * Takes over the builder of a run that is gone, whatever it is doing. Two runs may write their names on it: the later one
 * has it, and the other sees that at its next look.
 */
export async function adoptBuilder(
  item: PlanItem,
  builder: InstanceRecord,
  context: BuildContext,
): Promise<LaunchedInstance> {
  const { cloud, clock, run, emit, watch, bill } = context;
  const { instanceId, instanceType, market, runId } = builder;
  const on: OnInstance = { key: item.key, templateHash: item.templateHash, instanceId, phase: 'launch' };
  emit({ kind: 'phase', key: item.key, phase: 'launch', detail: `takes over ${instanceId} of run ${runId}` });
  await cloud.tag([instanceId], claimTags(run, clock.now()));
  const letGo = undoInstance(instanceId, 'builder', context);
  const machine = { instanceType, market, region: cloud.region, zone: undefined };
  bill.launched({ key: item.key, role: 'builder', instanceId, machine });
  const { state } = await watch.instances.wait(item.templateHash, {
    until: (views = []) => views.find((view) => view.instanceId === instanceId && view.runToken === run.token),
    timeoutMs: CLAIM_TIMEOUT_MS,
    onTimeout: () =>
      failed({ phase: 'launch', message: `another run has taken ${instanceId} over`, fix: 'run it again.' }),
  });
  if (state === 'stopping' || state === 'stopped') {
    await waitForStop(on, context);
    await cloud.start(instanceId);
    await waitForStart(on, context);
  }
  await waitForAgent(on, context);
  return { instanceId, instanceType, market, expiresAt: builder.expiresAt ?? clock.now(), letGo };
}
