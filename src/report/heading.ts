import { formatDuration, formatEstimate } from './durations.js';
import { renderRun } from './links.js';
import { inlineCode } from './markdown.js';
import { resultOf } from './result.js';
import { isPlanned, renderCounts, type Row } from './rows.js';
import type { RunIdentity } from '../run-identity.js';
import type { RunReport } from './run-report.js';
import { formatUsd } from './savings.js';
import { RESULT_EMOJI } from './words.js';

const PLANNED_EMOJI = '📋';

/** The verdict in one line: `❌ AMI layers: 1 failed · 2 built`. */
export function renderVerdict(report: RunReport, rows: readonly Row[]): string {
  if (rows.length === 0) return `${RESULT_EMOJI['nothing-to-do']} AMI layers: no AMI changes`;
  const result = resultOf(report);
  const isOpen = isPlanned(report) || (report.unfinished === true && result !== 'failure');
  const emoji = isOpen ? PLANNED_EMOJI : RESULT_EMOJI[result];
  return `${emoji} AMI layers: ${renderCounts(rows)}`;
}

/** Commit, Regions, time, cost and run: `` `a1b2c3d` · us-east-1 · 41 m · ≈ $0.52 · run #118 ``. */
export function renderContext(report: RunReport): string {
  const costUsd = report.cost?.costUsd ?? 0;
  const regions = [...new Set(report.plan.items.map(({ region }) => region))];
  return [
    ...(report.run.commit === undefined ? [] : [inlineCode(shortCommit(report.run))]),
    ...(regions.length === 0 ? [] : [regions.join(', ')]),
    ...(isPlanned(report) ? [] : [formatDuration(report.finishedAt - report.startedAt)]),
    ...(isPlanned(report) && report.expectedMs !== undefined ? [formatEstimate(report.expectedMs)] : []),
    ...(costUsd === 0 ? [] : [formatUsd(costUsd)]),
    renderRun(report.run),
  ].join(' · ');
}

/** Commit and run, where there is nothing more to say. */
export function renderOrigin(run: RunIdentity): string {
  return [...(run.commit === undefined ? [] : [inlineCode(shortCommit(run))]), renderRun(run)].join(' · ');
}

/** The commit as people write it; empty when unknown. */
export function shortCommit({ commit }: RunIdentity): string {
  return (commit ?? '').slice(0, 7);
}
