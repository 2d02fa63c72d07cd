import { findRival, isLive } from '../images/claim.js';
import type { InstanceRecord } from '../images/instance-record.js';
import type { VariantKey } from '../plan/build-plan.js';
import { ClaimLost, Outrun } from './claim-lost.js';
import { CloudFailure } from './cloud.js';
import type { BuildContext } from './context.js';
import { failed, SpotInterrupted, type LayerFailed } from './failed.js';
import type { Phase } from './outcome.js';

export interface OnInstance {
  readonly key: VariantKey;
  readonly templateHash: string;
  readonly instanceId: string;
  /** What the wait belongs to; failures are reported under it. */
  readonly phase: Phase;
}

/** Waits until the instance runs and its agent takes commands. Throws `LayerFailed` when it ends or never answers. */
export async function waitForAgent(on: OnInstance, context: BuildContext): Promise<void> {
  const { instanceId, phase, key, templateHash } = on;
  const { watch, budgets, emit } = context;
  const see = watchOwn(on, context);
  await watch.instances.wait(templateHash, {
    until: (views) => {
      const own = see(views);
      return own === undefined || own.state === 'pending' ? undefined : isUp(on, own);
    },
    timeoutMs: budgets.runningTimeoutMs,
    onTimeout: () =>
      failed({
        phase,
        message: `${instanceId} did not start within ${minutes(budgets.runningTimeoutMs)}`,
        fix: 'look at its state in the EC2 console, then run it again.',
      }),
  });
  emit({ kind: 'phase', key, phase: phase === 'launch' ? 'agent' : phase, detail: instanceId });
  await untilItEnds(on, context, (abandon) =>
    context.watch.agents.wait(instanceId, {
      until: (view) => (view?.online === true ? true : undefined),
      timeoutMs: budgets.agentTimeoutMs,
      abandon,
      onTimeout: () => agentMissing(on, context),
    }),
  );
}

/** Waits until an instance that was stopped is on its way up. */
export async function waitForStart(
  { templateHash, instanceId, phase }: OnInstance,
  context: BuildContext,
): Promise<void> {
  await context.watch.instances.wait(templateHash, {
    until: (views = []) =>
      views.some((view) => view.instanceId === instanceId && view.state !== 'stopped') || undefined,
    timeoutMs: context.budgets.runningTimeoutMs,
    onTimeout: () => failed({ phase, message: `${instanceId} does not start`, fix: 'run it again.' }),
  });
}

/** Waits until the instance is stopped. */
export async function waitForStop(on: OnInstance, context: BuildContext): Promise<void> {
  const { watch, budgets } = context;
  const see = watchOwn(on, context);
  await watch.instances.wait(on.templateHash, {
    until: (views) => {
      const own = see(views);
      if (own?.state === 'terminated' || own?.state === 'shutting-down') throw instanceEnded(on, own);
      return own?.state === 'stopped' ? true : undefined;
    },
    timeoutMs: budgets.stopTimeoutMs,
    onTimeout: () =>
      failed({
        phase: on.phase,
        message: `${on.instanceId} did not stop within ${minutes(budgets.stopTimeoutMs)}`,
        fix: 'look for a service that hangs at shutdown, then run it again.',
      }),
  });
}

/**
 * Waits for something on an instance, but no longer than the instance lives and is this run's: a command whose instance
 * is gone stays "in progress" until its own timeout (SSM User Guide, "Monitor commands"), which may be hours.
 */
export async function untilItEnds<T>(
  on: OnInstance,
  context: BuildContext,
  wait: (abandon: AbortSignal) => Promise<T>,
): Promise<T> {
  const settled = new AbortController();
  const see = watchOwn(on, context);
  const end = context.watch.instances.wait<never>(on.templateHash, {
    until: (views) => {
      const own = see(views);
      if (own !== undefined && own.state !== 'pending') isUp(on, own);
      return undefined;
    },
    timeoutMs: Number.POSITIVE_INFINITY,
    abandon: settled.signal,
    onTimeout: () => instanceEnded(on, { state: 'terminated', stateReason: undefined }),
  });
  try {
    return await Promise.race([wait(settled.signal), end]);
  } finally {
    settled.abort();
    await end.catch(() => undefined);
  }
}

/** Asks something of an instance. Where AWS refuses because the instance has ended meanwhile, that is what is thrown. */
export async function askOf<T>(on: OnInstance, context: BuildContext, request: () => Promise<T>): Promise<T> {
  try {
    return await request();
  } catch (error) {
    if (!(error instanceof CloudFailure)) throw error;
    const seen = await context.lookAt(on.templateHash).catch(() => undefined);
    const own = seen?.instances.find(({ instanceId }) => instanceId === on.instanceId);
    throw own === undefined || isLive(own) ? error : instanceEnded(on, own);
  }
}

/** Tags of a terminated instance go before the instance does (EC2 User Guide, "Terminate"), and it with them from our looks. */
const MOST_MISSING_LOOKS = 5;

/**
 * Finds the instance in every look at its layer; undefined while EC2 does not show it yet. Throws `ClaimLost` when
 * another run has taken it over, `Outrun` when another run was first with the layer.
 */
export function watchOwn(
  on: OnInstance,
  { run, clock, staleAfterMs }: BuildContext,
): (views: readonly InstanceRecord[] | undefined) => InstanceRecord | undefined {
  let missing: number | undefined;
  return (views = []) => {
    const own = views.find((view) => view.instanceId === on.instanceId);
    if (own === undefined) {
      if (missing === undefined) return undefined;
      missing += 1;
      if (missing < MOST_MISSING_LOOKS) return undefined;
      throw instanceEnded(on, { state: 'terminated', stateReason: undefined });
    }
    missing = 0;
    if (own.runToken !== run.token) throw new ClaimLost(own);
    const rival = findRival(views, on.instanceId, { run, now: clock.now(), staleAfterMs });
    if (rival !== undefined) throw new Outrun(rival);
    return own;
  };
}

function isUp(on: OnInstance, own: InstanceRecord): true {
  if (own.state === 'running') return true;
  throw instanceEnded(on, own);
}

/** `Server.SpotInstanceTermination`, `Server.SpotInstanceShutdown` (EC2 API reference, StateReason). */
const SPOT_INTERRUPTION = 'Server.SpotInstance';

function instanceEnded(
  { instanceId, phase }: OnInstance,
  { state, stateReason }: Pick<InstanceRecord, 'state' | 'stateReason'>,
): LayerFailed {
  if (stateReason?.includes(SPOT_INTERRUPTION) === true) return new SpotInterrupted(instanceId, phase);
  const reason = stateReason === undefined || stateReason === '' ? '' : `: ${stateReason}`;
  return failed({
    phase,
    message: `${instanceId} is ${state}${reason}`,
    fix: 'something ended it: its own timer (`builder.timeout_minutes`), a script that shuts down, or somebody with access to the account; run it again.',
  });
}

function agentMissing({ instanceId, phase }: OnInstance, { cloud, budgets, placement }: BuildContext): LayerFailed {
  const profile =
    placement.instanceProfile === undefined
      ? 'no `instance-profile` was given, so the account needs Default Host Management Configuration'
      : `its instance profile "${placement.instanceProfile}" may lack AmazonSSMManagedInstanceCore`;
  return failed({
    phase,
    message: `the Systems Manager agent of ${instanceId} did not come online in ${cloud.region} within ${minutes(budgets.agentTimeoutMs)}`,
    fix: `one of three things is missing: the right to register (${profile}); a way out on port 443 to the ssm and ssmmessages endpoints (NAT gateway, public address or VPC endpoints in the subnet); the agent itself (Amazon Linux and Ubuntu images have it; on debian-12, rocky-9, alma-9 and rhel-9 it is installed at first boot, from S3).`,
  });
}

function minutes(ms: number): string {
  return `${Math.round(ms / 60_000)} minutes`;
}
