import { isPlanned, rowsOf } from './rows.js';
import type { RunReport, RunResult } from './run-report.js';

export const EXIT_CODES = {
  success: 0,
  'nothing-to-do': 0,
  failure: 1,
  cancelled: 1,
  // Not success: a merge must not take an image for finished that is not. 75: "try again later" (sysexits.h, EX_TEMPFAIL).
  'in-progress': 75,
} as const satisfies Record<RunResult, number>;

/**
 * What the run came to. A failed layer outweighs a cancelled one, because it needs a change before the next run.
 * `nothing-to-do` means that no image was built, validated or promoted (or, for a plan, would be built or validated).
 */
export function resultOf(report: RunReport): RunResult {
  const kinds = new Set(rowsOf(report).map((row) => row.kind));
  if (kinds.has('failed')) return 'failure';
  if (kinds.has('cancelled')) return 'cancelled';
  if (kinds.has('blocked')) return 'failure';
  if (kinds.has('in-progress')) return 'in-progress';
  return didSomething(report) ? 'success' : 'nothing-to-do';
}

function didSomething(report: RunReport): boolean {
  if (isPlanned(report)) return report.plan.items.some((item) => item.action.kind !== 'reuse');
  return (
    report.promoted.length > 0 ||
    [...report.results.values()].some(({ outcome }) => outcome.kind !== 'reused' || outcome.validated)
  );
}
