import { DIAGNOSTIC_TITLES, type Diagnostic } from '../diagnostics/diagnostic.js';

/**
 * Problems for a comment: what a file says is quoted only where the pull request shows it anyhow, in the files that are
 * known to have changed. Of every other one there is the kind and the place; the log of the run has the words.
 */
export function quotable(diagnostics: readonly Diagnostic[], changedFiles: ReadonlySet<string>): readonly Diagnostic[] {
  return diagnostics.map((diagnostic) => {
    const { code, span, related = [] } = diagnostic;
    const places = [...(span === undefined ? [] : [span]), ...related.map((one) => one.span)];
    if (places.every(({ source }) => changedFiles.has(source.path))) return diagnostic;
    return {
      code,
      message: DIAGNOSTIC_TITLES[code],
      fix: 'the log of the run says what is there and what to do',
      ...(span === undefined ? {} : { span }),
    };
  });
}
