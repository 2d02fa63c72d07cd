import type { Outcome, Phase } from './outcome.js';
import { RunStopped, WaitedEnough } from './run-stopped.js';

export interface Reached {
  readonly phase?: Phase | undefined;
  /** The run that the layer was left to. */
  readonly followed?: string | undefined;
  readonly durationMs: number;
}

/** What becomes of a layer that the end of its run found at work, or not begun. */
export function unfinished(signal: AbortSignal, { phase, followed, durationMs }: Reached): Outcome {
  const reason: unknown = signal.reason;
  if (reason instanceof WaitedEnough) return { kind: 'in-progress', phase, followed, durationMs };
  return { kind: 'cancelled', ...(reason instanceof RunStopped ? { after: reason.after } : {}), durationMs };
}
