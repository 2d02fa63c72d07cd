import type { LayerResult, Leftover } from '../build/outcome.js';
import type { BuildPlan, VariantKey } from '../plan/build-plan.js';

/** Who and what started this run. Outside GitHub the optional parts are undefined. */
export interface RunIdentity {
  /** `GITHUB_RUN_ID`, or `local-<time>` in a terminal. */
  readonly id: string;
  readonly number: number;
  readonly attempt: number;
  /** Random; finds what this run made, whatever it was told. */
  readonly token: string;
  readonly url: string | undefined;
  readonly repository: string | undefined;
  readonly commit: string | undefined;
  readonly ref: string | undefined;
  readonly pullRequest: number | undefined;
  /** `main`: the default branch's own code; `pr`: anything else. */
  readonly trust: 'main' | 'pr';
}

export type RunResult = 'success' | 'failure' | 'cancelled' | 'nothing-to-do';

/** Everything the console, the comment, the summary and the outputs are rendered from. */
export interface RunReport {
  readonly run: RunIdentity;
  readonly plan: BuildPlan;
  /** Empty while only planned; one per plan item when done. */
  readonly results: ReadonlyMap<VariantKey, LayerResult>;
  /** Variants whose image became `latest` in this run. */
  readonly promoted: readonly VariantKey[];
  readonly leftovers: readonly Leftover[];
  /** Problems that did not stop the run, one line each. */
  readonly warnings: readonly string[];
  /** AWS requests sent, by operation. */
  readonly apiCalls: Readonly<Record<string, number>>;
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
  readonly finishedAt: number;
}
