import type { BuildPlan, PlanItem, VariantKey } from '../plan/build-plan.js';
import { consoleTable } from './console-table.js';
import { renderHourly, renderSources } from './cost-text.js';
import { formatEstimate } from './durations.js';
import { makeLabels } from './labels.js';
import { NOTHING_AFFECTED } from './next-action.js';
import { renderReasons, type ReasonStyle } from './reasons.js';
import { plannedKind } from './rows.js';
import type { RunReport } from './run-report.js';
import { formatUsd } from './savings.js';
import { safeLine } from './untrusted.js';
import { ACTION_WORDS } from './words.js';

export interface PlanView extends Pick<RunReport, 'plan' | 'expectedMs' | 'cost'> {
  /** Milliseconds since the epoch, for the ages of images. */
  readonly now: number;
}

/** The plan for the console, one line each; layers are indented below the layer they stand on. */
export function renderPlan({ plan, now, ...expected }: PlanView): readonly string[] {
  if (plan.items.length === 0) return [NOTHING_AFFECTED];
  const style: ReasonStyle = { now, quote: safeLine };
  const rows = renderTree(plan).map(({ branch, item }) => [
    branch,
    ACTION_WORDS[plannedKind(item)],
    item.action.kind === 'build' ? '' : item.action.image.imageId,
    renderReasons(item.reasons, style),
  ]);
  return [
    ...consoleTable(['LAYER', 'ACTION', 'IMAGE', 'WHY'], rows),
    '',
    renderPlanCounts(plan),
    ...renderExpected(expected),
  ];
}

/** `3 to build, 1 to validate, 2 to reuse`. */
export function renderPlanCounts({ items }: BuildPlan): string {
  const words = { build: 'to build', validate: 'to validate', reuse: 'to reuse', planned: 'planned' } as const;
  return (['build', 'validate', 'reuse', 'planned'] as const)
    .map((kind) => ({ kind, count: items.filter((item) => plannedKind(item) === kind).length }))
    .filter(({ count }) => count > 0)
    .map(({ kind, count }) => `${count} ${words[kind]}`)
    .join(', ');
}

/** `Takes ≈ 34 m and ≈ $0.52 (on-demand prices in us-east-1, 2026-07-20).`; nothing where there is nothing to do. */
function renderExpected({ expectedMs, cost = {} }: Pick<RunReport, 'expectedMs' | 'cost'>): readonly string[] {
  if (expectedMs === undefined) {
    const hourly = renderHourly(cost);
    return hourly === '' ? [] : [`No estimate: nothing says yet how long it takes. ${hourly}`];
  }
  const { costUsd, prices = [] } = cost;
  const costing = costUsd === undefined ? '' : ` and ${formatUsd(costUsd)} (${renderSources(prices)})`;
  return [`Takes ${formatEstimate(expectedMs)}${costing}.`];
}

interface Branch {
  /** The label with the tree's lines before it. */
  readonly branch: string;
  readonly item: PlanItem;
}

function renderTree(plan: BuildPlan): readonly Branch[] {
  const labelOf = makeLabels(plan);
  const children = childrenOf(plan);
  const keys = new Set(plan.items.map(({ key }) => key));
  const below = (parent: VariantKey, indent: string): readonly Branch[] => {
    const items = children.get(parent) ?? [];
    return items.flatMap((item, index) => {
      const last = index === items.length - 1;
      return [
        { branch: `${indent}${last ? '└─ ' : '├─ '}${safeLine(labelOf(item.key))}`, item },
        ...below(item.key, `${indent}${last ? '   ' : '│  '}`),
      ];
    });
  };
  return plan.items
    .filter(({ parent }) => parent === undefined || !keys.has(parent))
    .flatMap((item) => [{ branch: safeLine(labelOf(item.key)), item }, ...below(item.key, '')]);
}

function childrenOf({ items }: BuildPlan): ReadonlyMap<VariantKey, readonly PlanItem[]> {
  const children = new Map<VariantKey, PlanItem[]>();
  for (const item of items) {
    if (item.parent === undefined) continue;
    const siblings = children.get(item.parent);
    if (siblings === undefined) children.set(item.parent, [item]);
    else siblings.push(item);
  }
  return children;
}
