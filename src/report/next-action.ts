import { plural, spellDuration } from './durations.js';
import { resultOf } from './result.js';
import { isPlanned, rowsOf, type Row } from './rows.js';
import type { RunReport, RunResult } from './run-report.js';
import { joinSentences } from './join-sentences.js';
import { renderSavings } from './savings.js';
import type { RowKind } from './words.js';

const DONE = new Set<RowKind>(['built', 'reused']);
const RESUMED = new Set<RunResult>(['failure', 'cancelled', 'in-progress']);

export const NOTHING_AFFECTED = 'No layer is affected: there is nothing to build.';

/** The one sentence a reader takes away: what became of the run, and what the next one will do. Only what is true. */
export function renderClosing(report: RunReport): string {
  const rows = rowsOf(report);
  if (isPlanned(report)) return planned(report, rows);
  const time = spellDuration(report.finishedAt - report.startedAt);
  const built = count(rows, 'built');
  switch (resultOf(report)) {
    case 'failure':
      return `Build failed (${time}): ${plural(count(rows, 'failed'), 'layer')} failed. ${renderResume(report)}`;
    case 'cancelled':
      return `Build cancelled (${time})${whoCancels(report)}. ${renderResume(report)}`;
    case 'in-progress':
      return `Not finished after ${time}; builders go on without this run. ${renderResume(report)}`;
    case 'success':
    case 'nothing-to-do':
      return joinSentences([
        built > 0
          ? `Build complete (${time}). Next time ${built === 1 ? 'this layer is' : `these ${built} layers are`} reused, unless changed.`
          : `Nothing had to be built (${time}): ${plural(count(rows, 'reused'), 'layer')} reused.`,
        renderSavings(report),
      ]);
  }
}

/** Why there is less than was planned; empty where the run came to its end. */
export function renderStopped(report: RunReport): string {
  const result = resultOf(report);
  if (result === 'cancelled') return `Cancelled${whoCancels(report)}.`;
  return result === 'in-progress' ? 'This run has stopped waiting; builders go on without it.' : '';
}

/** What running again would do after a run that did not finish; empty when there is nothing left to do. */
export function renderResume(report: RunReport): string {
  if (!RESUMED.has(resultOf(report))) return '';
  const rows = rowsOf(report);
  const done = rows.filter(({ kind }) => DONE.has(kind)).length;
  return `A re-run resumes: ${done} of ${plural(rows.length, 'layer')} done.`;
}

/** A job that is out of time gets the same signal as one that somebody cancels. */
function whoCancels({ run }: RunReport): string {
  return run.url === undefined
    ? ''
    : ': by somebody, by a newer run (`concurrency`), or because the job’s `timeout-minutes` ran out';
}

function planned({ plan }: RunReport, rows: readonly Row[]): string {
  if (plan.items.length === 0) return NOTHING_AFFECTED;
  const unknown = count(rows, 'planned');
  if (unknown > 0) {
    return `Planned without AWS: which of these ${plural(unknown, 'layer')} have an image is not known. Nothing was created.`;
  }
  const work = rows.filter(({ kind }) => kind !== 'reuse').length;
  return work === 0
    ? 'Nothing would be built: every layer has its image.'
    : `This is a plan: nothing was created. A build would work on ${plural(work, 'layer')}.`;
}

function count(rows: readonly Row[], kind: RowKind): number {
  return rows.filter((row) => row.kind === kind).length;
}
