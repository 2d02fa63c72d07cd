import type { PhaseTiming } from '../build/outcome.js';
import { codeBlock } from './markdown.js';
import type { Row } from './rows.js';
import { safeLine } from './untrusted.js';

/** More bars than these are a wall, not a timeline. */
const MOST_LAYERS = 40;

/** When which phase of which layer ran, as a mermaid timeline; undefined when nothing ran. */
export function renderTimeline(rows: readonly Row[]): string | undefined {
  const ran = rows.flatMap(({ label, result }) =>
    result === undefined || result.timings.length === 0 ? [] : [{ label, timings: result.timings }],
  );
  if (ran.length === 0) return undefined;
  if (ran.length > MOST_LAYERS) return `The timeline is not drawn: ${ran.length} layers were worked on.`;
  return codeBlock(
    [
      'gantt',
      '  dateFormat x',
      '  axisFormat %H:%M:%S',
      ...ran
        .sort((a, b) => startOf(a.timings) - startOf(b.timings))
        .flatMap(({ label, timings }) => [`  section ${sectionName(label)}`, ...timings.map(renderBar)]),
    ],
    'mermaid',
  );
}

function renderBar({ phase, startedAt, endedAt }: PhaseTiming): string {
  // A bar of no width cannot be seen.
  return `  ${phase} :${Math.round(startedAt)}, ${Math.max(1, Math.round(endedAt - startedAt))}ms`;
}

function startOf(timings: readonly PhaseTiming[]): number {
  return Math.min(...timings.map(({ startedAt }) => startedAt));
}

/** A section's name has no quotes around it: what mermaid would read as syntax is left out. */
function sectionName(label: string): string {
  return safeLine(label).replace(/[^\w .()/-]/g, ' ');
}
