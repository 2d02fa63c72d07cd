import type { VariantKey } from '../plan/build-plan.js';
import type { InstanceView } from './cloud.js';
import type { BuildContext } from './context.js';
import { failed, type LayerFailed } from './failed.js';
import type { Phase } from './outcome.js';

export interface OnInstance {
  readonly key: VariantKey;
  readonly instanceId: string;
  /** What the wait belongs to; failures are reported under it. */
  readonly phase: Phase;
}

/** Waits until the instance runs and its agent takes commands. Throws `LayerFailed` when it ends or never answers. */
export async function waitForAgent(on: OnInstance, context: BuildContext): Promise<void> {
  const { instanceId, phase, key } = on;
  const { watch, budgets, emit } = context;
  await watch.instances.wait(instanceId, {
    until: (view) => (view === undefined || view.state === 'pending' ? undefined : runs(on, view)),
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

/** Waits until the instance is stopped. */
export async function waitForStop(on: OnInstance, { watch, budgets }: BuildContext): Promise<void> {
  await watch.instances.wait(on.instanceId, {
    until: (view) => {
      if (view?.state === 'terminated' || view?.state === 'shutting-down') throw instanceEnded(on, view);
      return view?.state === 'stopped' ? true : undefined;
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
 * Waits for something on an instance, but no longer than the instance lives: a command whose instance is gone stays
 * "in progress" until its own timeout (SSM User Guide, "Monitor commands"), which may be hours.
 */
export async function untilItEnds<T>(
  on: OnInstance,
  { watch }: BuildContext,
  wait: (abandon: AbortSignal) => Promise<T>,
): Promise<T> {
  const settled = new AbortController();
  const end = watch.instances.wait<never>(on.instanceId, {
    until: (view) => {
      if (view !== undefined && view.state !== 'pending' && view.state !== 'running') throw instanceEnded(on, view);
      return undefined;
    },
    timeoutMs: Number.POSITIVE_INFINITY,
    abandon: settled.signal,
    onTimeout: () => instanceEnded(on, { state: 'terminated', reason: undefined }),
  });
  try {
    return await Promise.race([wait(settled.signal), end]);
  } finally {
    settled.abort();
    await end.catch(() => undefined);
  }
}

function runs(on: OnInstance, view: InstanceView): true {
  if (view.state === 'running') return true;
  throw instanceEnded(on, view);
}

function instanceEnded({ instanceId, phase }: OnInstance, view: InstanceView): LayerFailed {
  const reason = view.reason === undefined || view.reason === '' ? '' : `: ${view.reason}`;
  return failed({
    phase,
    message: `${instanceId} is ${view.state}${reason}`,
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
    fix: `one of three things is missing: the right to register (${profile}); a way out on port 443 to the ssm and ssmmessages endpoints (NAT gateway, public address or VPC endpoints in the subnet); the agent itself (Amazon Linux and Ubuntu images have it; Debian, Rocky and RHEL do not).`,
  });
}

function minutes(ms: number): string {
  return `${Math.round(ms / 60_000)} minutes`;
}
