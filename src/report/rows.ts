import type { LayerResult } from '../build/outcome.js';
import type { Action, PlanItem } from '../plan/build-plan.js';
import { makeLabels } from './labels.js';
import type { RunReport } from './run-report.js';
import { ROW_WORDS, type RowKind } from './words.js';

/** One variant in a table, whether planned or done. */
export interface Row {
  readonly item: PlanItem;
  readonly label: string;
  readonly kind: RowKind;
  /** Undefined while only planned, and for what the run never came to. */
  readonly result: LayerResult | undefined;
  /** An image that may be used: validated, in this run or before. */
  readonly imageId: string | undefined;
  /** What this run spent on it, in milliseconds; undefined where it had nothing to do. */
  readonly durationMs: number | undefined;
  readonly promoted: boolean;
}

const KINDS_IN_ORDER: readonly string[] = Object.keys(ROW_WORDS);

/** Every variant of the plan; what needs a person first, and within a kind parents first. */
export function rowsOf(report: RunReport): readonly Row[] {
  const labelOf = makeLabels(report.plan);
  const promoted = new Set(report.promoted);
  return report.plan.items
    .map((item) => {
      const result = report.results.get(item.key);
      return {
        item,
        label: labelOf(item.key),
        kind: kindOf(report, item),
        result,
        imageId: usableImage(report, item),
        durationMs: durationOf(result),
        promoted: promoted.has(item.key),
      };
    })
    .sort((a, b) => KINDS_IN_ORDER.indexOf(a.kind) - KINDS_IN_ORDER.indexOf(b.kind));
}

/** Whether there is only a plan: no variant has an outcome. */
export function isPlanned(report: RunReport): boolean {
  return report.results.size === 0;
}

/** `2 failed · 1 blocked · 3 built`, in the order of the rows. */
export function renderCounts(rows: readonly Row[]): string {
  const counts = new Map<RowKind, number>();
  for (const { kind } of rows) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  return [...counts].map(([kind, count]) => `${count} ${ROW_WORDS[kind].word}`).join(' · ');
}

/** The image of a variant that may be launched: one that passed its checks. */
export function usableImage(report: RunReport, item: PlanItem): string | undefined {
  const outcome = report.results.get(item.key)?.outcome;
  if (outcome === undefined) return item.action.kind === 'reuse' ? item.action.image.imageId : undefined;
  return outcome.kind === 'built' || outcome.kind === 'reused' ? outcome.imageId : undefined;
}

/** A variant without an outcome in a run that ended and has others was never reached: the run was stopped. */
function kindOf(report: RunReport, item: PlanItem): RowKind {
  const outcome = report.results.get(item.key)?.outcome;
  if (outcome !== undefined) return outcome.kind;
  return isPlanned(report) || report.unfinished === true ? plannedKind(item) : 'cancelled';
}

/** What a plan says of a variant, as far as it can without knowing which images there are. */
export function plannedKind({ action, reasons }: PlanItem): Action['kind'] | 'planned' {
  return reasons.some(({ kind }) => kind === 'not-looked-up') ? 'planned' : action.kind;
}

function durationOf(result: LayerResult | undefined): number | undefined {
  const outcome = result?.outcome;
  switch (outcome?.kind) {
    case undefined:
    case 'blocked':
      return undefined;
    case 'reused':
      return outcome.validated ? outcome.durationMs : undefined;
    case 'built':
    case 'failed':
      return outcome.durationMs;
    // Without any time it was not begun.
    case 'cancelled':
    case 'in-progress':
      return outcome.durationMs === 0 ? undefined : outcome.durationMs;
  }
}
