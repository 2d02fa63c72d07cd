import type { Span } from '../diagnostics/diagnostic.js';
import type { PlanItem } from '../plan/build-plan.js';
import type { BuildContext } from './context.js';
import { failed } from './failed.js';
import { followSteps } from './follow-steps.js';
import { createHeartbeat } from './heartbeat.js';
import { untilItEnds, type OnInstance } from './instance-waits.js';
import { sealSteps, settingsSteps } from './settings-steps.js';
import { softwareSteps } from './software-steps.js';

/** One script of a layer's builder, whether the template wrote it or this tool did. */
export interface BuilderStep {
  readonly name: string;
  readonly script: string;
  readonly timeoutSeconds: number;
  readonly span: Span;
}

/**
 * What runs on a layer's builder, in order: what the tool makes of its settings and software, the template's own steps,
 * and what it removes before the seal. Never the parent's.
 */
export function builderSteps(
  { node, architecture }: Pick<PlanItem, 'node' | 'architecture'>,
  stepTimeoutMs: number,
): readonly BuilderStep[] {
  const { layer } = node;
  const usual = Math.ceil(stepTimeoutMs / 1000);
  const made = [
    ...settingsSteps(layer),
    ...softwareSteps(layer.software, { architecture }).map((step) => ({ ...step, span: layer.spans.software })),
  ];
  return [
    ...made.map((step) => ({ ...step, timeoutSeconds: usual })),
    ...layer.steps.map(({ name, script, timeoutMinutes, span }) => ({
      name,
      script,
      timeoutSeconds: timeoutMinutes === undefined ? usual : timeoutMinutes * 60,
      span,
    })),
    ...sealSteps(layer).map((step) => ({ ...step, timeoutSeconds: usual })),
  ];
}

/** The runner ends steps by their own times; this is only for a runner that says nothing any more. */
const GRACE_MS = 15 * 60_000;

/** Follows the steps that the runner works through, until the last has ended; throws `LayerFailed` when one fails. */
export async function watchSteps(on: OnInstance, steps: readonly BuilderStep[], context: BuildContext): Promise<void> {
  if (steps.length === 0) return;
  const follow = followSteps(on, steps, context.emit);
  const beat = createHeartbeat(on.key, context);
  const seconds = steps.reduce((sum, step) => sum + step.timeoutSeconds, 0);
  await untilItEnds(on, context, (abandon) =>
    context.watch.steps.wait(on.instanceId, {
      until: (view) => {
        if (view === undefined) return undefined;
        const { isDone, doing } = follow(view);
        beat(doing);
        return isDone ? true : undefined;
      },
      timeoutMs: seconds * 1000 + GRACE_MS,
      abandon,
      onTimeout: () =>
        failed({
          phase: on.phase,
          message: `the steps on ${on.instanceId} did not end in ${Math.round(seconds / 60)} minutes`,
          fix: 'raise `timeout_minutes` of the steps, or make them faster.',
        }),
    }),
  );
}
