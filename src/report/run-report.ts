import type { LayerResult, Leftover } from '../build/outcome.js';
import type { BuildPlan, VariantKey } from '../plan/build-plan.js';
import type { RunIdentity } from '../run-identity.js';

export type { RunIdentity } from '../run-identity.js';

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
  /** Those of them that were sent again, by the error that made it necessary. */
  readonly apiRepeats?: Readonly<Record<string, number>>;
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
  readonly finishedAt: number;
}
