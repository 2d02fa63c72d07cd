import { positionOf, DIAGNOSTIC_TITLES, type Diagnostic, type Span } from '../diagnostics/diagnostic.js';
import { plural } from './durations.js';
import { describeFailure, failedRows, logTail } from './failures.js';
import { rowsOf } from './rows.js';
import type { RunReport } from './run-report.js';
import { safeLine, safeLines, shorten } from './untrusted.js';

/** A message on a line of a file, as GitHub shows it beside the code. Lines and columns are 1-based. */
export interface Annotation {
  readonly level: 'error' | 'warning' | 'notice';
  readonly title: string;
  readonly message: string;
  readonly place: AnnotationPlace | undefined;
}

export interface AnnotationPlace {
  /** Relative to the repository root. */
  readonly file: string;
  readonly line: number;
  readonly column: number;
  /** The column after the last character. */
  readonly endColumn: number;
}

/** The runner keeps 10 of each level per step, and the line that says why the run failed is an error as well. */
const MOST = { error: 9, warning: 10, notice: 10 } as const satisfies Record<Annotation['level'], number>;

/** UTF-16 units; the runner cuts at 4,096. */
const LONGEST_MESSAGE = 4_000;

/** One error for each problem in the templates. */
export function annotateDiagnostics(diagnostics: readonly Diagnostic[]): readonly Annotation[] {
  return withinBudget(
    diagnostics.map(({ code, message, fix, span }) => ({
      level: 'error',
      title: DIAGNOSTIC_TITLES[code],
      message: shorten(`${safeLine(message)}\nFix: ${safeLine(fix)}`, LONGEST_MESSAGE),
      place: placeOf(span),
    })),
  );
}

/** One error for each failed layer, on the line of its step; one warning for each leftover and warning of the run. */
export function annotateReport(report: RunReport): readonly Annotation[] {
  const failures = failedRows(rowsOf(report)).map(({ row, failure }): Annotation => {
    const place = failure.step?.span ?? row.item.node.layer.spans.name;
    const lines = [safeLine(failure.message), `Fix: ${safeLine(failure.fix)}`, ...logTail(failure).flatMap(safeLines)];
    return {
      level: 'error',
      title: safeLine(`${row.label}: ${describeFailure(failure)}`),
      message: shorten(lines.join('\n'), LONGEST_MESSAGE),
      place: placeOf(place),
    };
  });
  const leftovers = report.leftovers.map(({ kind, id, region, why }) =>
    warn('Left behind', `${kind} ${id} in ${region}: ${why}`),
  );
  return withinBudget([...failures, ...leftovers, ...report.warnings.map((warning) => warn('AMI layers', warning))]);
}

function warn(title: string, message: string): Annotation {
  return { level: 'warning', title, message: shorten(safeLine(message), LONGEST_MESSAGE), place: undefined };
}

/** At most the budget of each level; the last one that fits says how many there are more. */
function withinBudget(annotations: readonly Annotation[]): readonly Annotation[] {
  return (['error', 'warning', 'notice'] as const).flatMap((level) => {
    const all = annotations.filter((annotation) => annotation.level === level);
    if (all.length <= MOST[level]) return all;
    const shown = all.slice(0, MOST[level] - 1);
    const more = `and ${plural(all.length - shown.length, `more ${level}`)}; the log has all of them`;
    return [...shown, { level, title: 'More', message: more, place: undefined }];
  });
}

/** Up to the end of the span's first line: GitHub takes columns only for annotations of one line. */
function placeOf(span: Span | undefined): AnnotationPlace | undefined {
  if (span === undefined) return undefined;
  const { line, column } = positionOf(span);
  const text = span.source.text.slice(span.offset, span.offset + span.length);
  const length = (text.split(/\r?\n/, 1)[0] ?? '').length;
  return { file: span.source.path, line, column, endColumn: column + Math.max(1, length) };
}
