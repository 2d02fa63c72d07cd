import type { Span } from '../diagnostics/diagnostic.js';
import type { VariantKey } from '../plan/build-plan.js';

/** The phases of one layer's build, in order. */
export const PHASES = ['launch', 'agent', 'deliver', 'steps', 'seal', 'stop', 'image', 'validate'] as const;

export type Phase = (typeof PHASES)[number];

/** The step or check that made a layer fail. */
export interface FailedStep {
  readonly name: string;
  /** 1-based. */
  readonly index: number;
  readonly count: number;
  readonly exitCode: number | undefined;
  /** The step in its template; undefined for a step the tool generated (software, seal). */
  readonly span: Span | undefined;
}

/** An operation went wrong. It ends one layer and blocks its descendants; other layers go on. */
export interface Failure {
  readonly phase: Phase;
  /** One line: what happened. */
  readonly message: string;
  /** What to do about it. */
  readonly fix: string;
  readonly step: FailedStep | undefined;
  /** Last lines of the step's output, oldest first; remote and untrusted. */
  readonly logTail: readonly string[];
}

export type Outcome =
  | { readonly kind: 'built'; readonly imageId: string; readonly durationMs: number }
  /** `validated`: its checks ran in this run because they had changed or never passed. */
  | {
      readonly kind: 'reused';
      readonly imageId: string;
      readonly validated: boolean;
      /** The run that built or validated it meanwhile, and that this one waited for. */
      readonly followed?: string;
      readonly durationMs: number;
    }
  | {
      readonly kind: 'failed';
      readonly failure: Failure;
      readonly imageId: string | undefined;
      readonly durationMs: number;
    }
  /** `failure`: its own, of when it had begun and its parent was not validated yet. */
  | { readonly kind: 'blocked'; readonly by: VariantKey; readonly failure?: Failure }
  /** The run stopped waiting; the next one goes on. */
  | {
      readonly kind: 'in-progress';
      /** What it was in; undefined: this run had not begun. */
      readonly phase: Phase | undefined;
      /** The run that is at it. */
      readonly followed: string | undefined;
      readonly durationMs: number;
    }
  /** `after`: the layer whose failure ended the run (`fail-fast`); without it somebody cancelled the run. */
  | { readonly kind: 'cancelled'; readonly after?: VariantKey; readonly durationMs: number };

/** Whether the run ended before it was known what becomes of the layer. */
export function isUnfinished({ kind }: Outcome): boolean {
  return kind === 'cancelled' || kind === 'in-progress';
}

/** How long one phase took, for the timeline. */
export interface PhaseTiming {
  readonly phase: Phase;
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
  readonly endedAt: number;
}

/** How long a step took that ended well, by the instance's clock. */
export interface StepTiming {
  readonly name: string;
  readonly durationMs: number;
}

export interface LayerResult {
  readonly key: VariantKey;
  readonly outcome: Outcome;
  readonly timings: readonly PhaseTiming[];
  readonly steps: readonly StepTiming[];
}

/** What clean-up could not remove. */
export interface Leftover {
  readonly kind: 'instance' | 'image' | 'snapshot';
  readonly id: string;
  readonly region: string;
  readonly why: string;
}
