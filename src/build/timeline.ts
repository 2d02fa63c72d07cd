import type { Clock } from '../lib/clock.js';
import type { OnBuildEvent } from './events.js';
import type { Phase, PhaseTiming, StepTiming } from './outcome.js';

export interface Timeline {
  /** Passes events on and notes when the phase changes. */
  readonly emit: OnBuildEvent;
  /** The phases so far; the current one ends now. */
  readonly timings: () => readonly PhaseTiming[];
  readonly steps: () => readonly StepTiming[];
}

/** One layer's phases, read off its own events: a phase ends where the next begins. */
export function createTimeline(emit: OnBuildEvent, clock: Clock): Timeline {
  const steps: StepTiming[] = [];
  const begun: { readonly phase: Phase; readonly startedAt: number }[] = [];
  return {
    emit: (event) => {
      if (event.kind === 'phase' && event.phase !== begun.at(-1)?.phase) {
        begun.push({ phase: event.phase, startedAt: clock.now() });
      }
      if (event.kind === 'step-finished' && event.exitCode === 0) {
        steps.push({ name: event.name, durationMs: event.durationMs });
      }
      emit(event);
    },
    steps: () => steps,
    timings: () =>
      begun.map(({ phase, startedAt }, at) => ({ phase, startedAt, endedAt: begun[at + 1]?.startedAt ?? clock.now() })),
  };
}
