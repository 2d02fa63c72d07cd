import { stringify } from 'yaml';
import type { PlanItem } from '../plan/build-plan.js';
import { inputGroups } from '../plan/input-groups.js';
import { hashInput } from '../plan/template-hash.js';
import { plural } from './durations.js';
import { codeBlock, inlineCode, joinParts } from './markdown.js';
import { rowsOf, type Row } from './rows.js';
import type { RunReport } from './run-report.js';

const MOST_LAYERS = 20;
const MOST_LINES = 80;

/** What the hash of each layer that needs a new image is made of; undefined when none does. No secret is ever part of it. */
export function renderHashInputs(report: RunReport): string | undefined {
  const rows = rowsOf(report).filter(({ item }) => item.action.kind === 'build');
  if (rows.length === 0) return undefined;
  const hashes = new Map(report.plan.items.map(({ key, templateHash }) => [key, templateHash]));
  const more = rows.length - MOST_LAYERS;
  return joinParts([
    ...rows.slice(0, MOST_LAYERS).map((row) => renderInput(row, parentHash(row.item, hashes))),
    more > 0 ? `and ${plural(more, 'more layer')}` : undefined,
  ]);
}

function renderInput({ label, item }: Row, parent: string | undefined): string {
  const input = hashInput(item.node, item.architecture, parent);
  const lines = stringify(Object.fromEntries(inputGroups(input)), { lineWidth: 0 })
    .trimEnd()
    .split('\n');
  const cut = lines.length > MOST_LINES ? [`# and ${plural(lines.length - MOST_LINES, 'more line')}`] : [];
  return `${inlineCode(label)}: ${inlineCode(item.templateHash)}\n\n${codeBlock([...lines.slice(0, MOST_LINES), ...cut], 'yaml')}`;
}

/** The parent of what is built is in the plan, and a root layer has none. */
function parentHash({ parent }: PlanItem, hashes: ReadonlyMap<string, string>): string | undefined {
  return parent === undefined ? undefined : hashes.get(parent);
}
