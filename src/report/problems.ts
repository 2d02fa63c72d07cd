import { positionOf, type Diagnostic } from '../diagnostics/diagnostic.js';
import { COMMENT_LIMIT, makeMarker, type CommentOptions } from './comment.js';
import { plural } from './durations.js';
import { renderOrigin } from './heading.js';
import { spanUrl } from './links.js';
import { escapeMarkdown, inlineCode, joinParts } from './markdown.js';
import { renderMarker } from './marker.js';
import type { RunIdentity } from '../run-identity.js';
import { shorten } from './untrusted.js';

type Problem = Pick<Diagnostic, 'message' | 'fix' | 'span'>;

/** A run that stopped before it had a plan. */
export interface StoppedRun {
  readonly run: RunIdentity;
  readonly title: string;
  readonly problems: readonly Problem[];
}

/** What the user wrote has problems. */
export function stoppedByTemplates(run: RunIdentity, problems: readonly Problem[]): StoppedRun {
  return { run, title: `${plural(problems.length, 'problem')} in the templates`, problems };
}

/** AWS did not say what images there are: mostly a role that lacks something. */
export function stoppedByAws(run: RunIdentity, problem: Problem): StoppedRun {
  return { run, title: 'no plan, because AWS could not be asked', problems: [problem] };
}

const MOST_LISTED = 50;
const LONGEST_TEXT = 300;

/** The comment when there is no plan. Without it, the comment of the commit before would go on saying "built". */
export function renderProblemsComment(stopped: StoppedRun, { id }: CommentOptions): string {
  const body = `${renderMarker(makeMarker(stopped.run, id, 'done'))}\n${renderProblems(stopped, '###')}`;
  return body.slice(0, COMMENT_LIMIT);
}

/** The job summary when there is no plan. */
export function renderProblemsSummary(stopped: StoppedRun): string {
  return renderProblems(stopped, '##');
}

function renderProblems({ run, title, problems }: StoppedRun, heading: '##' | '###'): string {
  const more = problems.length - MOST_LISTED;
  return `${joinParts([
    `${heading} ❌ AMI layers: ${title}\n${renderOrigin(run)}`,
    problems
      .slice(0, MOST_LISTED)
      .map((problem) => renderProblem(problem, run))
      .join('\n'),
    more > 0 ? `and ${plural(more, 'problem')} more, in the log of the run.` : undefined,
    '<sub>Nothing was built.</sub>',
  ])}\n`;
}

function renderProblem({ message, fix, span }: Problem, run: RunIdentity): string {
  const text = `${escapeMarkdown(shorten(message, LONGEST_TEXT))}<br>**Fix:** ${escapeMarkdown(shorten(fix, LONGEST_TEXT))}`;
  if (span === undefined) return `- ${text}`;
  const place = inlineCode(`${span.source.path}:${positionOf(span).line}`);
  const url = spanUrl(run, span);
  return `- ${url === undefined ? place : `[${place}](${url})`}: ${text}`;
}
