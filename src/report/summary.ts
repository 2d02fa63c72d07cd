import { PHASES } from '../build/outcome.js';
import { renderBaseMoves } from './base-moves.js';
import { renderCosts } from './cost-text.js';
import { renderDifferences } from './differences.js';
import { formatDuration } from './durations.js';
import { failedRows, renderFailure } from './failures.js';
import { renderTimeline } from './gantt.js';
import { renderContext, renderVerdict } from './heading.js';
import { renderHashInputs } from './hash-inputs.js';
import { joinSentences } from './join-sentences.js';
import { renderLayerTable } from './layer-table.js';
import { escapeMarkdown, fold, inlineCode, joinParts, markdownTable } from './markdown.js';
import { renderGraph } from './mermaid.js';
import { renderClosing } from './next-action.js';
import { renderRequests } from './requests.js';
import { rowsOf, type Row } from './rows.js';
import type { RunReport } from './run-report.js';
import { renderTroubles } from './troubles.js';
import { renderWithin } from './within-limit.js';

/** UTF-8 bytes. The runner throws away a summary of more than 1 MiB as a whole. */
export const SUMMARY_LIMIT = 900 * 1024;

/** The job summary: everything the comment says, with whole ids, hashes, times and the number of AWS requests. */
export function renderSummary(report: RunReport): string {
  const rows = rowsOf(report);
  return renderWithin({
    limit: SUMMARY_LIMIT,
    measure: (text) => Buffer.byteLength(text),
    reusedRows: Number.POSITIVE_INFINITY,
    render: (detail) =>
      `${joinParts([
        `## ${renderVerdict(report, rows)}\n${renderContext(report)}`,
        rows.length === 0 ? undefined : renderLayerTable({ report, rows, detail, columns: 'full' }),
        ...failedRows(rows)
          .slice(0, detail.otherRows)
          .map((failed) => renderFailure(failed, report, detail.logTails)),
        detail.graph ? fold('Graph', renderGraph(report)) : undefined,
        detail.graph ? fold('Time per phase', renderTimes(rows)) : undefined,
        detail.differences ? fold('Packages against <code>latest</code>', renderDifferences(report)) : undefined,
        detail.hashInputs ? fold('Inputs of hashes', renderHashInputs(report)) : undefined,
        fold(renderRequests(report), renderCalls(report)),
        renderTroubles(report),
        joinSentences([renderClosing(report), renderCosts(report), renderBaseMoves(report, escapeMarkdown)]),
        detail.leftOut.length === 0 ? undefined : `Too long for a summary; left out: ${detail.leftOut.join(', ')}.`,
      ])}\n`,
  });
}

/** Phases as columns, in their order; only those that any layer came to. */
function renderTimes(rows: readonly Row[]): string | undefined {
  const timed = rows.flatMap(({ label, result }) =>
    result === undefined || result.timings.length === 0 ? [] : [{ label, timings: result.timings }],
  );
  const phases = PHASES.filter((phase) =>
    timed.some(({ timings }) => timings.some((timing) => timing.phase === phase)),
  );
  if (phases.length === 0) return undefined;
  const table = markdownTable(
    ['Layer', ...phases],
    timed.map(({ label, timings }) => [
      inlineCode(label),
      ...phases.map((phase) => {
        const own = timings.filter((timing) => timing.phase === phase);
        return own.length === 0 ? '' : formatDuration(sum(own.map(({ startedAt, endedAt }) => endedAt - startedAt)));
      }),
    ]),
  );
  return joinParts([table, renderTimeline(rows)]);
}

function renderCalls({ apiCalls }: RunReport): string | undefined {
  const calls = Object.entries(apiCalls).sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1));
  if (calls.length === 0) return undefined;
  return markdownTable(
    ['Operation', 'Requests'],
    calls.map(([operation, count]) => [inlineCode(operation), String(count)]),
  );
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
