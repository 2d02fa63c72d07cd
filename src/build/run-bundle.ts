import type { Bundle } from './bundle.js';
import type { BuildContext } from './context.js';
import { deliver, whyUndelivered } from './deliver.js';
import { failed } from './failed.js';
import { followSteps } from './follow-steps.js';
import { createHeartbeat } from './heartbeat.js';
import { askOf, untilItEnds, type OnInstance } from './instance-waits.js';
import type { RunnerStep } from './runner-step.js';
import { stepsKey, type StepsView } from './step-reader.js';

export interface BundleRun {
  readonly on: OnInstance;
  readonly bundle: Bundle;
  /** What the bundle's runner runs. */
  readonly steps: readonly RunnerStep[];
  /** Whether it ends with the seal. */
  readonly seals: boolean;
}

export interface Ran {
  /** The last part of it. */
  readonly log: string;
  /** The command that has delivered the bundle. */
  readonly commandId: string;
}

/** The runner ends steps by their own times; this is only for a runner that says nothing any more. */
const GRACE_MS = 15 * 60_000;

/** After so many looks that no runner answered, it is asked how the delivery ended. */
const FIRST_DOUBT = 3;

/**
 * Delivers a bundle, and follows its runner to the end. Throws `LayerFailed` when a
 * step fails. A runner that has begun already, for an earlier run, is followed from its beginning.
 */
export async function runBundle({ on, bundle, steps, seals }: BundleRun, context: BuildContext): Promise<Ran> {
  const { emit, clock, budgets, watch } = context;
  emit({
    kind: 'phase',
    key: on.key,
    phase: on.phase === 'steps' ? 'deliver' : on.phase,
    detail: `${on.phase === 'steps' ? '' : 'delivering '}${bundle.archive.length} bytes`,
  });
  const commandId = await askOf(on, context, () => deliver(on, bundle, context));
  const follow = followSteps({ on, steps, seals, emit });
  const beat = createHeartbeat(on.key, context);
  const seconds = steps.reduce((sum, step) => sum + step.timeoutSeconds, 0);
  const timeoutMs = seconds * 1000 + budgets.sealTimeoutMs + GRACE_MS;
  const firstWordBy = clock.now() + budgets.deliverTimeoutMs;
  let doubtAt = FIRST_DOUBT;
  let heard = false;

  const look = (view: StepsView | undefined): StepsView | 'silent' | undefined => {
    if (view === undefined) return undefined;
    if (!heard && view.events.length > 0) {
      heard = true;
      if (on.phase === 'steps') {
        emit({ kind: 'phase', key: on.key, phase: 'steps', detail: `${steps.length} on ${on.instanceId}` });
      }
    }
    if (!heard) return view.muteLooks >= doubtAt || clock.now() > firstWordBy ? 'silent' : undefined;
    const { isDone, doing, part } = follow(view);
    beat(doing, part);
    return isDone ? view : undefined;
  };

  return untilItEnds(on, context, async (abandon) => {
    for (;;) {
      const seen = await watch.steps.wait(stepsKey(on), {
        until: look,
        timeoutMs,
        abandon,
        onTimeout: () =>
          failed({
            phase: on.phase,
            message: `the steps on ${on.instanceId} did not end in ${Math.round(seconds / 60)} minutes`,
            fix: 'raise `timeout_minutes` of the steps, or make them faster.',
          }),
      });
      if (seen !== 'silent') return { log: seen.log.toString(), commandId };
      const why = await whyUndelivered(on, commandId, context);
      if (why !== undefined || clock.now() > firstWordBy) throw undelivered(on, why ?? []);
      doubtAt *= 2;
    }
  });
}

function undelivered({ phase, instanceId }: OnInstance, logTail: readonly string[]): Error {
  return failed({
    phase,
    message: `the scripts could not be delivered to ${instanceId}`,
    fix: 'the disk may be full or read-only, or the agent may have died; try a larger `builder.volume_gb` or instance type.',
    logTail,
  });
}
