import type { Outcome } from '../build/outcome.js';
import { renderBaseMoves } from './base-moves.js';
import { consoleTable } from './console-table.js';
import { renderCosts } from './cost-text.js';
import { differenceLines } from './differences.js';
import { formatDuration } from './durations.js';
import {
  describeFailure,
  describeOwnFailure,
  explainFailure,
  failedRows,
  failureLocation,
  logTail,
  type FailedRow,
} from './failures.js';
import { makeLabels, type LabelOf } from './labels.js';
import { renderClosing } from './next-action.js';
import { renderFollowed, renderProgress } from './progress.js';
import { renderReasons } from './reasons.js';
import { renderRequests } from './requests.js';
import { resultOf } from './result.js';
import { rowsOf, type Row } from './rows.js';
import type { RunReport } from './run-report.js';
import { safeLine, safeLines } from './untrusted.js';
import { ROW_WORDS } from './words.js';

/** The end of a run on the console: what became of each layer, what failed and why, what is left to do. */
export function renderFinalLines(report: RunReport): readonly string[] {
  const rows = rowsOf(report);
  const blocks = [
    rows.length === 0 ? [] : renderTable(rows, report),
    ...failedRows(rows).map(renderFailureBlock),
    differenceLines(report),
    renderPromoted(report),
    renderTroubles(report),
    [...renderRequested(report), ...renderCostLine(report), renderClosing(report)],
  ];
  return blocks.filter((block) => block.length > 0).flatMap((block, index) => (index === 0 ? block : ['', ...block]));
}

/** The one line of a failed run that GitHub shows above everything: what failed, where, how to go on. */
export function renderFailureLine(report: RunReport): string | undefined {
  const result = resultOf(report);
  if (result === 'cancelled' || result === 'in-progress') return renderClosing(report);
  const [first, ...others] = failedRows(rowsOf(report));
  if (first === undefined) return result === 'failure' ? renderClosing(report) : undefined;
  const place = failureLocation(first.failure);
  const more = others.length === 0 ? '' : ` (and ${others.length} more failed)`;
  const where = place === undefined ? '' : ` at ${place}`;
  return `${safeLine(first.row.label)}: ${describeFailure(first.failure)}${where}${more}. ${renderClosing(report)}`;
}

function renderTable(rows: readonly Row[], report: RunReport): readonly string[] {
  const labelOf = makeLabels(report.plan);
  return consoleTable(
    ['LAYER', 'RESULT', 'IMAGE', 'TIME', 'WHY'],
    rows.map(({ label, kind, result, imageId, durationMs, item }) => [
      safeLine(label),
      ROW_WORDS[kind].word,
      imageId ?? '',
      durationMs === undefined ? '' : formatDuration(durationMs),
      endedBy(result?.outcome, labelOf) ??
        renderFollowed(result?.outcome, safeLine) +
          renderReasons(item.reasons, { now: report.finishedAt, quote: safeLine }),
    ]),
  );
}

/** Why a layer was not finished, where it was not its own failure. */
function endedBy(outcome: Outcome | undefined, labelOf: LabelOf): string | undefined {
  if (outcome?.kind === 'blocked') return `blocked by ${safeLine(labelOf(outcome.by))}${describeOwnFailure(outcome)}`;
  if (outcome?.kind === 'in-progress') return renderProgress(outcome, safeLine);
  const after = outcome?.kind === 'cancelled' ? outcome.after : undefined;
  return after === undefined ? undefined : `ended because ${safeLine(labelOf(after))} failed`;
}

function renderFailureBlock({ row, failure, rejected }: FailedRow): readonly string[] {
  const place = failureLocation(failure);
  const message = explainFailure(failure);
  return [
    `❌ ${safeLine(row.label)}: ${describeFailure(failure)}`,
    ...(place === undefined ? [] : [`   at ${place}`]),
    ...(message === undefined ? [] : [`   ${safeLine(message)}`]),
    ...logTail(failure)
      .flatMap(safeLines)
      .map((line) => `   │ ${line}`.trimEnd()),
    ...(rejected === undefined ? [] : [`   Rejected image: ${rejected}`]),
    `   Fix: ${safeLine(failure.fix)}`,
  ];
}

function renderCostLine(report: RunReport): readonly string[] {
  return [renderBaseMoves(report, safeLine), renderCosts(report)].filter((line) => line !== '');
}

function renderPromoted({ plan, promoted }: RunReport): readonly string[] {
  if (promoted.length === 0) return [];
  return [`Now latest: ${promoted.map(makeLabels(plan)).map(safeLine).join(', ')}`];
}

function renderRequested(report: RunReport): readonly string[] {
  return Object.keys(report.apiCalls).length === 0 ? [] : [renderRequests(report)];
}

/** What was left behind and what there is to warn of. */
export function renderTroubles({ leftovers, warnings }: RunReport): readonly string[] {
  return [
    ...leftovers.map(({ kind, id, region, why }) => `left behind: ${kind} ${id} in ${region}: ${why}`),
    ...warnings,
  ].map((trouble) => `⚠️ ${safeLine(trouble)}`);
}
