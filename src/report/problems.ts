import { positionOf, type Diagnostic } from '../diagnostics/diagnostic.js';
import { COMMENT_LIMIT, makeMarker, type CommentOptions } from './comment.js';
import { plural } from './durations.js';
import { renderOrigin } from './heading.js';
import { spanUrl } from './links.js';
import { escapeMarkdown, inlineCode, joinParts } from './markdown.js';
import { renderMarker } from './marker.js';
import type { RunIdentity } from '../run-identity.js';
import { shorten } from './untrusted.js';

/** A run that stopped before the plan, because what the user wrote has problems. */
export interface InvalidRun {
  readonly run: RunIdentity;
  readonly diagnostics: readonly Diagnostic[];
}

const MOST_LISTED = 50;
const LONGEST_TEXT = 300;

/** The comment when there is no plan. Without it, the comment of the commit before would go on saying "built". */
export function renderProblemsComment(invalid: InvalidRun, { id }: CommentOptions): string {
  const body = `${renderMarker(makeMarker(invalid.run, id, 'done'))}\n${renderProblems(invalid, '###')}`;
  return body.slice(0, COMMENT_LIMIT);
}

/** The job summary when there is no plan. */
export function renderProblemsSummary(invalid: InvalidRun): string {
  return renderProblems(invalid, '##');
}

function renderProblems({ run, diagnostics }: InvalidRun, heading: '##' | '###'): string {
  const more = diagnostics.length - MOST_LISTED;
  return `${joinParts([
    `${heading} ❌ AMI layers: ${plural(diagnostics.length, 'problem')} in the templates\n${renderOrigin(run)}`,
    diagnostics
      .slice(0, MOST_LISTED)
      .map((diagnostic) => renderProblem(diagnostic, run))
      .join('\n'),
    more > 0 ? `and ${plural(more, 'problem')} more, in the log of the run.` : undefined,
    '<sub>Nothing was built.</sub>',
  ])}\n`;
}

function renderProblem({ message, fix, span }: Diagnostic, run: RunIdentity): string {
  const text = `${escapeMarkdown(shorten(message, LONGEST_TEXT))}<br>**Fix:** ${escapeMarkdown(shorten(fix, LONGEST_TEXT))}`;
  if (span === undefined) return `- ${text}`;
  const place = inlineCode(`${span.source.path}:${positionOf(span).line}`);
  const url = spanUrl(run, span);
  return `- ${url === undefined ? place : `[${place}](${url})`}: ${text}`;
}
