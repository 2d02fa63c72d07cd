import type { Diagnostic } from '../diagnostics/diagnostic.js';

/** Problems of one template that are listed. A file with more is another file, or has one cause for them all. */
export const MOST_PROBLEMS = 100;

/** The first problems, and one that says that there are more. */
export function firstProblems(diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  const next = diagnostics[MOST_PROBLEMS];
  if (next === undefined) return diagnostics;
  const more: Diagnostic = {
    code: 'too-many-problems',
    message: `there are more than ${MOST_PROBLEMS} problems; the others are not listed`,
    fix: 'correct these first; if this is no template, move it out of the folder or narrow `templates`.',
    ...(next.span === undefined ? {} : { span: next.span }),
  };
  return [...diagnostics.slice(0, MOST_PROBLEMS), more];
}
