import { positionOf, type Diagnostic } from '../diagnostics/diagnostic.js';
import type { Reason } from '../plan/reason.js';
import { makeLabels } from './labels.js';
import type { RunReport } from './run-report.js';
import { shorten } from './untrusted.js';

/**
 * What a run without AWS found, for a later run that may comment. It comes from a stranger's pull request: whoever
 * reads it takes only what this describes, as text, and nothing else from it.
 */
export interface PlanFile {
  readonly layers: readonly PlannedLayer[];
  readonly problems: readonly PlanProblem[];
}

export interface PlannedLayer {
  readonly label: string;
  readonly reasons: readonly Reason[];
}

export interface PlanProblem {
  readonly message: string;
  readonly fix: string;
  /** `templates/app.yaml:14`; undefined: of no file. */
  readonly place?: string | undefined;
}

export const FORMAT = 1;
export const MOST_PROBLEMS = 200;
export const LONGEST_TEXT = 1_000;

export function planFileOf({ plan }: Pick<RunReport, 'plan'>): PlanFile {
  const labelOf = makeLabels(plan);
  return { layers: plan.items.map(({ key, reasons }) => ({ label: labelOf(key), reasons })), problems: [] };
}

export function problemsFileOf(diagnostics: readonly Diagnostic[]): PlanFile {
  const problems = diagnostics.slice(0, MOST_PROBLEMS).map(({ message, fix, span }) => ({
    message: shorten(message, LONGEST_TEXT),
    fix: shorten(fix, LONGEST_TEXT),
    ...(span === undefined ? {} : { place: shorten(`${span.source.path}:${positionOf(span).line}`, LONGEST_TEXT) }),
  }));
  return { layers: [], problems };
}

export function writePlanFile(file: PlanFile): string {
  return `${JSON.stringify({ format: FORMAT, ...file }, undefined, 1)}\n`;
}
