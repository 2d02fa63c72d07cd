import type { LayerResult, Leftover } from '../build/outcome.js';
import type { BaseMove } from '../plan/base-history.js';
import type { BuildPlan, VariantKey } from '../plan/build-plan.js';
import type { PriceSource } from '../plan/prices.js';
import type { Storage } from '../plan/storage.js';
import type { RunIdentity } from '../run-identity.js';
import type { ImageDifference } from './differences.js';

export type { RunIdentity } from '../run-identity.js';

export type RunResult = 'success' | 'failure' | 'cancelled' | 'in-progress' | 'nothing-to-do';

/** US dollars, estimated. */
export interface RunCost {
  /** Of this run; while only planned, of what would be built. */
  readonly costUsd?: number;
  /** What building the reused images again would cost. */
  readonly savedUsd?: number;
  /** Where the prices of this run's instances are from. */
  readonly prices?: readonly PriceSource[];
  /** What builders cost an hour; only where nothing says how long they will be needed. */
  readonly hourly?: readonly { readonly instanceType: string; readonly usd: number }[];
}

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
  /** How long what is planned will take, in milliseconds; absent where nothing like it was ever built. */
  readonly expectedMs?: number;
  /** Absent where prices are not known. */
  readonly cost?: RunCost;
  /** Bases that mean another vendor's image than in the runs before; absent where none does, or nobody remembers. */
  readonly baseMoves?: readonly BaseMove[];
  /** What the images are stored as; absent where none says. */
  readonly storage?: Storage;
  /** What changed in an image since the one that is `latest`; absent where nothing was compared. */
  readonly differences?: ReadonlyMap<VariantKey, ImageDifference>;
  /** True where a layer without a result is yet to be built: while layers are worked on, or in a plan that tells of failed jobs. */
  readonly unfinished?: boolean;
  /** AWS requests sent, by operation. */
  readonly apiCalls: Readonly<Record<string, number>>;
  /** Those of them that were sent again, by the error that made it necessary. */
  readonly apiRepeats?: Readonly<Record<string, number>>;
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
  readonly finishedAt: number;
}
