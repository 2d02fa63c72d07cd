import type { Part } from '../plan/history.js';
import type { OnBuildEvent } from './events.js';
import { failed, type LayerFailed } from './failed.js';
import type { OnInstance } from './instance-waits.js';
import { lastLines } from './last-lines.js';
import { MARKER } from './on-instance/layout.js';
import type { RunnerEvent } from './on-instance/read-poll.js';
import { SECRETS_FOUND } from './on-instance/seal.js';
import type { RunnerStep } from './runner-step.js';
import type { StepsView } from './step-reader.js';

export interface FollowOptions {
  readonly on: OnInstance;
  readonly steps: readonly RunnerStep[];
  /** Whether the runner ends with the seal. */
  readonly seals: boolean;
  readonly emit: OnBuildEvent;
}

export interface Followed {
  readonly isDone: boolean;
  /** What goes on, for a heartbeat. */
  readonly doing: string;
  readonly part: Part | undefined;
}

/** The runner needs a moment to begin; a runner that is gone without a word for this many looks was ended by something. */
const MOST_DEAD_LOOKS = 5;

const NEWLINE = 0x0a;

/**
 * Turns what is read of a builder into events, in the order in which things happened there: output up to an event, then
 * the event. Call the result with every view. It throws `LayerFailed` at the first step that fails.
 */
export function followSteps({ on, steps, seals, emit }: FollowOptions): (view: StepsView) => Followed {
  const { key } = on;
  let seen = 0;
  let printed = 0;
  let sealingFrom = 0;
  let current: Extract<RunnerEvent, { readonly kind: 'start' }> | undefined;

  /** Prints the log up to `target`, whole lines only unless something ended there. */
  const printTo = (view: StepsView, target: number, isEnd: boolean): void => {
    if (printed < view.logFrom) {
      const gap = Math.min(view.logFrom, target) - printed;
      if (gap > 0) emit({ kind: 'output', key, text: `(${gap} bytes are not shown)` });
      printed = Math.max(printed, Math.min(view.logFrom, target));
    }
    const bytes = view.log.subarray(printed - view.logFrom, Math.max(0, target - view.logFrom));
    const upTo = isEnd ? bytes.length : bytes.lastIndexOf(NEWLINE) + 1;
    if (upTo <= 0) return;
    printed += upTo;
    const text = withoutMarkers(bytes.subarray(0, upTo).toString());
    if (text !== '') emit({ kind: 'output', key, text });
  };

  const handleSeal = (event: SealEvent, view: StepsView): void => {
    if (event.kind === 'sealing') {
      sealingFrom = event.logBytes;
      emit({ kind: 'phase', key, phase: 'seal', detail: 'removing what belongs to this instance only' });
      return;
    }
    if (event.exitCode === 0) return;
    throw sealFailed(event.exitCode, outputBetween(view, sealingFrom, event.logBytes));
  };

  const handleStep = (event: StepEvent, view: StepsView): void => {
    const step = steps[event.number - 1];
    if (step === undefined) throw new Error(`the runner speaks of step ${event.number}, which it was not given`);
    const place = { key, name: step.name, index: event.number, count: steps.length };
    if (event.kind === 'start') {
      current = event;
      emit({ kind: 'step-started', ...place });
      return;
    }
    if (event.kind === 'reboot') {
      emit({ kind: 'waiting', key, detail: `${on.instanceId} reboots after step ${event.number}/${steps.length}` });
      return;
    }
    const durationMs = event.at - (current?.at ?? event.at);
    const exitCode = event.kind === 'end' ? event.exitCode : undefined;
    if (exitCode !== undefined) emit({ kind: 'step-finished', key, name: step.name, exitCode, durationMs });
    if (exitCode === 0) return;
    const log = outputBetween(view, current?.logBytes ?? 0, event.logBytes);
    throw stepFailed({ on, steps, number: event.number, exitCode, durationMs, log });
  };

  const isEnd = (event: RunnerEvent | undefined): boolean =>
    seals ? event?.kind === 'sealed' : event?.kind === 'end' && event.number === steps.length;

  return (view) => {
    const readTo = view.logFrom + view.log.length;
    for (let event = view.events[seen]; event !== undefined; event = view.events[seen]) {
      if (readTo < event.logBytes) break;
      printTo(view, event.logBytes, true);
      seen += 1;
      if (event.kind === 'sealing' || event.kind === 'sealed') handleSeal(event, view);
      else handleStep(event, view);
    }
    const next = view.events[seen];
    printTo(view, next === undefined ? readTo : Math.min(readTo, next.logBytes), false);
    const last = view.events.at(-1);
    const isDone = next === undefined && isEnd(last);
    if (!isDone && next === undefined && last?.kind !== 'reboot' && view.deadLooks >= MOST_DEAD_LOOKS) {
      const number = (current?.number ?? 0) || 1;
      const log = outputBetween(view, current?.logBytes ?? 0, readTo);
      throw stepFailed({ on, steps, number, exitCode: undefined, durationMs: 0, log });
    }
    return { isDone, ...describe(current, steps) };
  };
}

type SealEvent = Extract<RunnerEvent, { readonly kind: 'sealing' | 'sealed' }>;
type StepEvent = Exclude<RunnerEvent, SealEvent>;

/** Lines that are for this tool and not for people. */
function withoutMarkers(text: string): string {
  return text.includes(MARKER) ? text.replace(new RegExp(`\\n?^${MARKER}.*\\n?`, 'gm'), '') : text;
}

function sealFailed(exitCode: number, log: string): LayerFailed {
  if (exitCode === SECRETS_FOUND) {
    return failed({
      phase: 'seal',
      message: 'a step left credentials or private keys on the disk; an image must not carry them',
      fix: 'remove them at the end of the step that makes them, or list them under `seal.allow` if they belong in the image.',
      logTail: lastLines(log),
    });
  }
  return failed({
    phase: 'seal',
    message: `the clean-up before imaging did not finish (exit code ${exitCode})`,
    fix: 'see the last lines of its output.',
    logTail: lastLines(log),
  });
}

function describe(
  current: { readonly number: number } | undefined,
  steps: readonly RunnerStep[],
): Omit<Followed, 'isDone'> {
  if (current === undefined) return { doing: 'the steps begin', part: undefined };
  const name = steps[current.number - 1]?.name ?? '';
  return { doing: `step ${current.number}/${steps.length} "${name}" runs`, part: `step ${name}` };
}

/** What is kept of the log between two places. */
function outputBetween({ log, logFrom }: StepsView, from: number, to: number): string {
  return log.subarray(Math.max(0, from - logFrom), Math.max(0, to - logFrom)).toString();
}

interface StepFailure {
  readonly on: OnInstance;
  readonly steps: readonly RunnerStep[];
  readonly number: number;
  /** Undefined when the step never came to its end. */
  readonly exitCode: number | undefined;
  readonly durationMs: number;
  readonly log: string;
}

function stepFailed({ on, steps, number, exitCode, durationMs, log }: StepFailure): LayerFailed {
  const step = steps[number - 1];
  if (step === undefined) throw new Error(`there is no step ${number}`);
  const { name, span, timeoutSeconds } = step;
  const which = `step ${number}/${steps.length} "${name}"`;
  // 124 is how timeout(1) says that it ended the step, 137 that it had to kill it.
  const isTimeout = (exitCode === 124 || exitCode === 137) && durationMs >= (timeoutSeconds - 1) * 1000;
  const explained = isTimeout
    ? {
        message: `${which} took longer than ${timeoutSeconds / 60} min`,
        fix: 'raise its `timeout_minutes`, or make it faster.',
      }
    : exitCode === undefined
      ? {
          message: `${which} ended without an exit code`,
          fix: 'the instance may have run out of memory or gone down; try a larger type, and see the last lines.',
        }
      : { message: `${which} exited ${exitCode}`, fix: 'see the last lines of its output; mend the step.' };
  return failed({
    phase: on.phase,
    ...explained,
    step: { name, index: number, count: steps.length, exitCode: isTimeout ? undefined : exitCode, span },
    logTail: lastLines(log),
  });
}
