import { TooMuchToMatch } from '../lib/glob.js';
import type { Diagnostic, Span } from './diagnostic.js';

/** What `match` gives; undefined after saying that its pattern is too much to match. */
export function matchOrReport<Found>(
  match: () => Found,
  { span, report }: { readonly span?: Span; readonly report: (diagnostic: Diagnostic) => void },
): Found | undefined {
  try {
    return match();
  } catch (error) {
    if (!(error instanceof TooMuchToMatch)) throw error;
    report({
      code: 'bad-value',
      message: error.message,
      fix: 'write a pattern with fewer wildcards, or name the folder.',
      ...(span === undefined ? {} : { span }),
    });
    return undefined;
  }
}
