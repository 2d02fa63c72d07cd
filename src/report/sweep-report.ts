import type { Leftover } from '../build/outcome.js';
import type { Found, Judged } from '../images/decide-sweep.js';
import type { RunResult } from './run-report.js';

/** What became of one thing that a sweep looked at. */
export type SweepResult = 'left' | 'ended' | 'would-end' | 'kept';

export interface SweepRow extends Judged {
  readonly result: SweepResult;
}

/** A Region that did not answer. */
export interface UnreadRegion {
  readonly region: string;
  readonly message: string;
  readonly fix: string;
}

/** Everything that is said about a sweep is rendered from it. */
export interface SweepReport {
  readonly regions: readonly string[];
  readonly dryRun: boolean;
  readonly rows: readonly SweepRow[];
  /** What should have ended and did not; snapshots that outlive their image too. */
  readonly leftovers: readonly Leftover[];
  readonly unread: readonly UnreadRegion[];
  /** AWS requests sent, by operation. */
  readonly apiCalls: Readonly<Record<string, number>>;
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
  readonly finishedAt: number;
}

export function sweepResultOf({ rows, leftovers, unread }: SweepReport): RunResult {
  if (leftovers.length + unread.length > 0) return 'failure';
  return rows.some(({ verdict }) => verdict.action === 'end') ? 'success' : 'nothing-to-do';
}

/** What an instance and an image have in common. */
export interface Identity {
  readonly id: string;
  readonly region: string;
  /** `builder`, `test` or `image`. */
  readonly what: string;
  readonly layer: string;
  readonly runId: string;
  /** When it came to be, in milliseconds since the epoch. */
  readonly since: number;
}

export function identify(found: Found): Identity {
  if (found.kind === 'instance') {
    const { instanceId, region, role, layer, runId, launchedAt } = found.instance;
    return { id: instanceId, region, what: role, layer, runId, since: launchedAt };
  }
  const { imageId, region, layer, runId, created } = found.image;
  return { id: imageId, region, what: found.kind, layer, runId, since: Date.parse(created) };
}
