import type { ApiCalls } from '../aws/create-cloud.js';
import type { Repeats } from '../aws/retries.js';
import type { Cloud } from '../build/cloud.js';
import type { OnBuildEvent } from '../build/events.js';
import type { Clock } from '../lib/clock.js';
import type { Kept } from '../plan/kept.js';
import type { RunReport } from '../report/run-report.js';
import type { RunIdentity } from '../run-identity.js';
import type { Workspace } from '../workspace/workspace.js';

/** The outside, as commands are given it. */
export interface Ports {
  readonly workspace: Workspace;
  /** The same cloud for the same Region. */
  readonly cloudIn: (region: string) => Cloud;
  readonly apiCalls: ApiCalls;
  /** AWS requests that were sent again, by the error that made it necessary. */
  readonly apiRepeats?: Repeats;
  readonly clock: Clock;
  /** What earlier runs left; undefined: nobody remembers. Asked for only when something is to be done. */
  readonly memory?: Memory;
  readonly run: RunIdentity;
  /** Aborted when the user cancels. */
  readonly signal: AbortSignal;
  /** Told once, when the plan is complete and nothing has been created yet. */
  readonly onPlan: (report: RunReport) => Promise<void>;
  readonly onEvent: OnBuildEvent;
}

export interface Memory {
  readonly recall: () => Promise<Kept>;
  /** For later runs, in place of what was there. */
  readonly keep: (part: Partial<Pick<Kept, 'prices' | 'bases'>>) => void;
}
