import type { PlanItem, VariantKey } from '../plan/build-plan.js';
import type { Reason } from '../plan/reason.js';
import { codeBlock } from './markdown.js';
import { rowsOf, type Row } from './rows.js';
import type { RunReport } from './run-report.js';
import { safeLine } from './untrusted.js';
import type { RowKind } from './words.js';

/**
 * What GitHub still draws. Mermaid's own limits are 500 edges and 50,000 characters; larger graphs time out in the
 * browser before that, and nobody can read them. A layer has one parent, so that there are fewer edges than nodes.
 */
const MOST_NODES = 150;
const MOST_CHARACTERS = 20_000;

/** Strokes only, so that the text stays readable in dark mode, in colours that stand out from white and from black. */
const STYLES = {
  failed: 'stroke:#e5484d,stroke-width:3px',
  cancelled: 'stroke:#bf8700,stroke-width:2px',
  blocked: 'stroke:#bf8700,stroke-width:2px,stroke-dasharray:2 4',
  'in-progress': 'stroke:#218bff,stroke-width:2px,stroke-dasharray:5 3',
  built: 'stroke:#2da44e,stroke-width:2px',
  reused: 'stroke:#8c959f,stroke-dasharray:3 3',
  build: 'stroke:#2da44e,stroke-width:2px,stroke-dasharray:5 3',
  validate: 'stroke:#218bff,stroke-width:2px',
  reuse: 'stroke:#8c959f,stroke-dasharray:3 3',
  planned: 'stroke:#8c959f,stroke-width:2px',
} as const satisfies Record<RowKind, string>;

const AFFECTED = new Set<Reason['kind']>(['file-changed', 'parent-affected']);

/**
 * The affected layers and their ancestors as a mermaid graph, in a fenced block; a sentence when it would be too large
 * to draw; undefined when nothing is affected.
 */
export function renderGraph(report: RunReport): string | undefined {
  const rows = drawnRows(report);
  if (rows.length === 0) return undefined;
  if (rows.length > MOST_NODES) return tooLarge(rows.length);
  const code = makeGraph(rows);
  return code.join('\n').length > MOST_CHARACTERS ? tooLarge(rows.length) : codeBlock(code, 'mermaid');
}

/** Mermaid reads entities written with `#`, and these characters as its own syntax, even inside quotes. */
function escapeLabel(text: string): string {
  const entities: Readonly<Record<string, string>> = {
    '"': '#quot;',
    '#': '#35;',
    '&': '#amp;',
    '<': '#lt;',
    '>': '#gt;',
    '`': '#96;',
    '\\': '#92;',
  };
  return safeLine(text).replace(/["#&<>`\\]/g, (character) => entities[character] ?? character);
}

function makeGraph(rows: readonly Row[]): readonly string[] {
  // Generated ids: a layer may be called `end`, which is a word of mermaid's.
  const ids = new Map<VariantKey, string>(rows.map(({ item }, index) => [item.key, `n${index + 1}`]));
  const kinds = [...new Set(rows.map(({ kind }) => kind))];
  return [
    'graph TD',
    ...rows.map((row) => `  ${ids.get(row.item.key)}["${escapeLabel(row.label)}"]:::${row.kind}`),
    ...rows.flatMap(({ item }) => {
      const parent = item.parent === undefined ? undefined : ids.get(item.parent);
      return parent === undefined ? [] : [`  ${parent} --> ${ids.get(item.key)}`];
    }),
    ...kinds.map((kind) => `  classDef ${kind} ${STYLES[kind]}`),
  ];
}

/** In the plan's order, so that the same plan always gives the same picture. */
function drawnRows(report: RunReport): readonly Row[] {
  const rows = new Map(rowsOf(report).map((row) => [row.item.key, row]));
  const drawn = new Set<VariantKey>();
  for (const item of report.plan.items) if (isAffected(item)) addWithAncestors(item.key, rows, drawn);
  return report.plan.items.flatMap(({ key }) => (drawn.has(key) ? (rows.get(key) ?? []) : []));
}

function isAffected({ action, reasons }: PlanItem): boolean {
  return action.kind !== 'reuse' || reasons.some(({ kind }) => AFFECTED.has(kind));
}

function addWithAncestors(key: VariantKey, rows: ReadonlyMap<VariantKey, Row>, drawn: Set<VariantKey>): void {
  for (let next: VariantKey | undefined = key; next !== undefined && !drawn.has(next);) {
    drawn.add(next);
    next = rows.get(next)?.item.parent;
  }
}

function tooLarge(nodes: number): string {
  return `The graph is not drawn: ${nodes} layers are more than can be read (${MOST_NODES} at most).`;
}
