import type { Phase, PhaseTiming } from '../build/outcome.js';
import { fence } from './markdown.js';
import type { Row } from './rows.js';
import { safeLine } from './untrusted.js';

/** More rows than these are a wall, not a timeline. */
const MOST_LAYERS = 40;

/** A bar narrower than this share of the timeline has no room for its name. */
const NARROWEST_NAMED = 0.06;

/** What mermaid shows as a bar without a name. */
const NAMELESS = '\u2063';

interface Stage {
  readonly name: string;
  /** Mermaid's word for a kind of bar; each has a look of its own. */
  readonly look: 'active' | 'done' | undefined;
}

const START: Stage = { name: 'start', look: 'active' };
const STEPS: Stage = { name: 'steps', look: undefined };
const IMAGE: Stage = { name: 'image', look: 'done' };
const CHECKS: Stage = { name: 'checks', look: 'active' };

/** Phases of a second or two cannot be seen beside those of minutes: a bar is what a reader waits for. */
const STAGES = {
  launch: START,
  agent: START,
  deliver: START,
  steps: STEPS,
  seal: IMAGE,
  stop: IMAGE,
  image: IMAGE,
  validate: CHECKS,
} as const satisfies Record<Phase, Stage>;

interface Bar {
  readonly stage: Stage;
  readonly startedAt: number;
  readonly endedAt: number;
}

interface Line {
  readonly label: string;
  readonly bars: readonly Bar[];
  readonly failed: boolean;
}

/** When what of which layer went on, as a mermaid timeline with one line for each layer; undefined when nothing ran. */
export function renderTimeline(rows: readonly Row[]): string | undefined {
  const lines = rows.flatMap(({ label, kind, result }): readonly Line[] =>
    result === undefined || result.timings.length === 0
      ? []
      : [{ label, bars: barsOf(result.timings), failed: kind === 'failed' }],
  );
  if (lines.length === 0) return undefined;
  if (lines.length > MOST_LAYERS) return `The timeline is not drawn: ${lines.length} layers were worked on.`;
  const narrowest = NARROWEST_NAMED * lengthOf(lines);
  const graph = [
    '---',
    'displayMode: compact',
    '---',
    'gantt',
    '  dateFormat x',
    '  axisFormat %H:%M:%S',
    ...lines
      .toSorted((a, b) => startOf(a) - startOf(b))
      .flatMap((line) => [`  section ${sectionName(line.label)}`, ...renderBars(line, narrowest)]),
  ];
  return `${fence(graph, 'mermaid')}\n\nIn each line: start, steps, image, checks.`;
}

function barsOf(timings: readonly PhaseTiming[]): readonly Bar[] {
  const bars: Bar[] = [];
  for (const { phase, startedAt, endedAt } of timings) {
    const stage = STAGES[phase];
    const last = bars.at(-1);
    if (last?.stage === stage) bars.splice(-1, 1, { ...last, endedAt });
    else bars.push({ stage, startedAt, endedAt });
  }
  return bars;
}

function renderBars({ bars, failed }: Line, narrowest: number): readonly string[] {
  return bars.map(({ stage: { name, look }, startedAt, endedAt }, index) => {
    const critical = failed && index === bars.length - 1 ? 'crit' : undefined;
    // A bar of no width cannot be seen.
    const width = Math.max(1, Math.round(endedAt - startedAt));
    const parts = [look, critical, String(Math.round(startedAt)), `${width}ms`].filter((part) => part !== undefined);
    return `  ${width < narrowest ? NAMELESS : name} :${parts.join(', ')}`;
  });
}

function startOf({ bars }: Line): number {
  return bars[0]?.startedAt ?? 0;
}

function lengthOf(lines: readonly Line[]): number {
  return Math.max(...lines.map(({ bars }) => bars.at(-1)?.endedAt ?? 0)) - Math.min(...lines.map(startOf));
}

/** A section's name has no quotes around it: what mermaid would read as syntax is left out. */
function sectionName(label: string): string {
  return safeLine(label).replace(/[^\w .()/-]/g, ' ');
}
