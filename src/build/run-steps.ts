import type { PlanItem } from '../plan/build-plan.js';
import type { Span } from '../diagnostics/diagnostic.js';
import type { BuildContext } from './context.js';
import { failed } from './failed.js';
import type { OnInstance } from './instance-waits.js';
import { BUNDLE_ROOT } from './on-instance/layout.js';
import { readStepEnd } from './on-instance/run-step.js';
import type { FailedStep } from './outcome.js';
import { lastLines, runCommand, type CommandEnd } from './run-command.js';
import { softwareSteps } from './software-steps.js';

/** One script of a layer's builder, whether the template wrote it or this tool did. */
export interface BuilderStep {
  readonly name: string;
  readonly script: string;
  readonly timeoutMs: number | undefined;
  readonly span: Span;
}

/** What runs on a layer's builder, in order: software first, then the template's own steps. Never the parent's. */
export function builderSteps(item: PlanItem): readonly BuilderStep[] {
  const { layer } = item.node;
  const software = softwareSteps(layer.software, { architecture: item.architecture });
  return [
    ...software.map(({ name, script }) => ({ name, script, timeoutMs: undefined, span: layer.spans.software })),
    ...layer.steps.map(({ name, script, timeoutMinutes, span }) => ({
      name,
      script,
      timeoutMs: timeoutMinutes === undefined ? undefined : timeoutMinutes * 60_000,
      span,
    })),
  ];
}

/** Runs the delivered steps one after another; throws `LayerFailed` at the first that fails. */
export async function runSteps(on: OnInstance, steps: readonly BuilderStep[], context: BuildContext): Promise<void> {
  for (const [at, step] of steps.entries()) {
    const { emit, clock, budgets } = context;
    const index = at + 1;
    const place = { key: on.key, name: step.name, index, count: steps.length };
    emit({ kind: 'step-started', ...place });
    const startedAt = clock.now();
    const timeoutMs = step.timeoutMs ?? budgets.stepTimeoutMs;
    const end = await runCommand(
      on,
      {
        comment: `ami-layers: step ${index}/${steps.length} ${step.name}`,
        script: `exec ${BUNDLE_ROOT}/run-step steps/${index}`,
        timeoutSeconds: timeoutMs / 1000,
      },
      context,
    );
    const read = readStepEnd(end.output);
    if (read !== undefined) {
      const omitted = read.omittedBytes === 0 ? '' : `(the first ${read.omittedBytes} bytes are not shown)\n`;
      emit({ kind: 'output', key: on.key, text: `${omitted}${read.output}` });
      const durationMs = clock.now() - startedAt;
      emit({ kind: 'step-finished', key: on.key, name: step.name, exitCode: read.exitCode, durationMs });
    }
    if (read?.exitCode === 0) continue;
    const failedStep = { name: step.name, index, count: steps.length, exitCode: read?.exitCode, span: step.span };
    throw stepFailed({ on, step: failedStep, end, output: read?.output, timeoutMs });
  }
}

interface StepFailure {
  readonly on: OnInstance;
  readonly step: FailedStep;
  readonly end: CommandEnd;
  /** Undefined when the step never came to its end. */
  readonly output: string | undefined;
  readonly timeoutMs: number;
}

function stepFailed({ on, step, end, output, timeoutMs }: StepFailure): Error {
  const which = `step ${step.index}/${step.count} "${step.name}"`;
  const logTail = lastLines(output ?? `${end.output}\n${end.errorOutput}`);
  if (output !== undefined) {
    const message = `${which} exited ${step.exitCode ?? '?'}`;
    return failed({ phase: on.phase, message, fix: 'see the last lines of its output; mend the step.', step, logTail });
  }
  const timedOut = end.detail.replace(/\s/g, '').includes('TimedOut');
  return failed({
    phase: on.phase,
    message: timedOut
      ? `${which} took longer than ${timeoutMs / 60_000} minutes`
      : `${which} ended without an exit code (${end.detail})`,
    fix: timedOut
      ? 'raise its `timeout_minutes`, or make it faster.'
      : 'the instance may have run out of memory; try a larger type.',
    step,
    logTail,
  });
}
