import { formatAge, plural } from './durations.js';
import { escapeMarkdown, inlineCode, joinParts, markdownTable } from './markdown.js';
import { identify, sweepResultOf, type SweepReport, type SweepRow } from './sweep-report.js';
import { renderSweepClosing } from './sweep-lines.js';
import { SWEEP_WORDS, countResults, explainVerdict, inOrder, sweepTroubles } from './sweep-words.js';
import { RESULT_EMOJI } from './words.js';

/** Keeps the summary well under the 1 MiB at which the runner throws it away as a whole. */
const MOST_ROWS = 500;

/** A sweep as a job summary. */
export function renderSweepSummary(report: SweepReport): string {
  const { rows, dryRun } = report;
  const counts = countResults(rows).join(' · ') || 'nothing to sweep';
  const listed = inOrder(rows).slice(0, MOST_ROWS);
  return `${joinParts([
    `## ${RESULT_EMOJI[sweepResultOf(report)]} AMI layers: ${counts}${dryRun ? ' (dry run)' : ''}`,
    rows.length === 0 ? undefined : renderTable(listed, report),
    rows.length > listed.length ? `Not listed: ${plural(rows.length - listed.length, 'row')} more.` : undefined,
    sweepTroubles(report)
      .slice(0, MOST_ROWS)
      .map((line) => `- ⚠️ ${escapeMarkdown(line)}`)
      .join('\n'),
    renderSweepClosing(report),
  ])}\n`;
}

function renderTable(rows: readonly SweepRow[], { finishedAt }: SweepReport): string {
  return markdownTable(
    ['Result', 'What', 'Id', 'Region', 'Layer', 'Run', 'Age', 'Why'],
    rows.map(({ found, verdict, result }) => {
      const { id, region, what, layer, runId, since } = identify(found);
      const { emoji, word } = SWEEP_WORDS[result];
      return [
        `${emoji} ${word}`,
        what,
        inlineCode(id),
        region,
        inlineCode(layer),
        runId === '' ? '' : inlineCode(runId),
        formatAge(finishedAt - since),
        escapeMarkdown(explainVerdict(verdict, finishedAt)),
      ];
    }),
  );
}
