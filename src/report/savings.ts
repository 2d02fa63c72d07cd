import { spellDuration } from './durations.js';
import { isPlanned, rowsOf } from './rows.js';
import type { RunReport } from './run-report.js';
import type { RowKind } from './words.js';

const REUSED = new Set<RowKind>(['reused', 'reuse']);

/** What reused images are worth: `Reuse saved 36 minutes of building (≈ $0.42).`; empty when they do not say. */
export function renderSavings(report: RunReport): string {
  const seconds = reusedBuildSeconds(report);
  if (seconds === 0) return '';
  const saved = report.cost?.savedUsd;
  const verb = isPlanned(report) || report.unfinished === true ? 'saves' : 'saved';
  return `Reuse ${verb} ${spellDuration(seconds * 1_000)} of building${saved === undefined ? '' : ` (${formatUsd(saved)})`}.`;
}

/** `≈ $0.52`, or `< $0.01`. Dollars in. */
export function formatUsd(usd: number): string {
  return usd < 0.01 ? '< $0.01' : `≈ $${usd.toFixed(2)}`;
}

/** The images say themselves how long they took to build. */
function reusedBuildSeconds(report: RunReport): number {
  return rowsOf(report).reduce((sum, { kind, item: { action } }) => {
    return REUSED.has(kind) && action.kind !== 'build' ? sum + (action.image.buildSeconds ?? 0) : sum;
  }, 0);
}
