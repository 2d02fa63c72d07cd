import { consoleTable } from './console-table.js';
import { formatAge } from './durations.js';
import { identify, type SweepReport } from './sweep-report.js';
import { SWEEP_WORDS, countResults, explainVerdict, inOrder, sweepTroubles } from './sweep-words.js';
import { safeLine } from './untrusted.js';

/** A sweep on the console: what ended and why, what stays and why, what could not be ended. */
export function renderSweep(report: SweepReport): readonly string[] {
  const blocks = [
    report.rows.length === 0 ? [] : renderTable(report),
    sweepTroubles(report).map((line) => `⚠️ ${line}`),
    [renderSweepClosing(report)],
  ];
  return blocks.filter((block) => block.length > 0).flatMap((block, index) => (index === 0 ? block : ['', ...block]));
}

/** The last line, also of the summary. */
export function renderSweepClosing({ rows, regions, dryRun, unread }: SweepReport): string {
  const swept = regions.filter((region) => !unread.some((other) => other.region === region));
  if (swept.length === 0) return 'Nothing was swept.';
  if (rows.length === 0) return `Nothing to sweep in ${swept.join(', ')}.`;
  const counts = `${countResults(rows).join(', ')}.`;
  return dryRun ? `Dry run, nothing was changed: ${counts}` : counts;
}

function renderTable({ rows, finishedAt }: SweepReport): readonly string[] {
  return consoleTable(
    ['RESULT', 'WHAT', 'ID', 'REGION', 'LAYER', 'RUN', 'AGE', 'WHY'],
    inOrder(rows).map(({ found, verdict, result }) => {
      const { id, region, what, layer, runId, since } = identify(found);
      return [
        SWEEP_WORDS[result].word,
        what,
        id,
        region,
        safeLine(layer),
        safeLine(runId),
        formatAge(finishedAt - since),
        explainVerdict(verdict, finishedAt),
      ];
    }),
  );
}
