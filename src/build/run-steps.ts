import type { PlanItem } from '../plan/build-plan.js';
import type { Span } from '../diagnostics/diagnostic.js';
import { CloudFailure } from './cloud.js';
import type { BuildContext } from './context.js';
import { failed, LayerFailed } from './failed.js';
import type { OnInstance } from './instance-waits.js';
import { BUNDLE_ROOT, orFail, OUTPUT_TAIL_BYTES } from './on-instance/layout.js';
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
        script: orFail(`${BUNDLE_ROOT}/run-step steps/${index}`),
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
    const log = read?.output ?? (await readLog(on, index, context));
    throw stepFailed({ on, step: failedStep, end, log, timeoutMs });
  }
}

/** A step that never came to its end has printed nothing, but its log is on the instance. Without an agent there is none. */
async function readLog(on: OnInstance, index: number, context: BuildContext): Promise<string> {
  const script = `tail -c ${OUTPUT_TAIL_BYTES} ${BUNDLE_ROOT}/log/steps/${index}`;
  try {
    const end = await runCommand(on, { comment: 'ami-layers: read log', script, timeoutSeconds: 60 }, context);
    return end.output;
  } catch (error) {
    if (error instanceof LayerFailed || error instanceof CloudFailure) return '';
    throw error;
  }
}

interface StepFailure {
  readonly on: OnInstance;
  /** Its exit code is undefined when it never came to its end. */
  readonly step: FailedStep;
  readonly end: CommandEnd;
  readonly log: string;
  readonly timeoutMs: number;
}

function stepFailed({ on, step, end, log, timeoutMs }: StepFailure): Error {
  const which = `step ${step.index}/${step.count} "${step.name}"`;
  const logTail = lastLines(log);
  if (step.exitCode !== undefined) {
    const message = `${which} exited ${step.exitCode}`;
    return failed({ phase: on.phase, message, fix: 'see the last lines of its output; mend the step.', step, logTail });
  }
  const timedOut = end.detail.replace(/\s/g, '') === 'ExecutionTimedOut';
  return failed({
    phase: on.phase,
    message: timedOut
      ? `${which} took longer than ${timeoutMs / 60_000} min`
      : `${which} ended without an exit code (${end.detail})`,
    fix: timedOut
      ? 'raise its `timeout_minutes`, or make it faster.'
      : 'the instance may have run out of memory; try a larger type.',
    step,
    logTail,
  });
}
