import type { RunIdentity } from '../run-identity.js';
import { COMMENT_LIMIT, makeMarker, type CommentOptions } from './comment.js';
import { plural } from './durations.js';
import { shortCommit } from './heading.js';
import { renderRun } from './links.js';
import { escapeMarkdown, inlineCode, joinParts, markdownTable } from './markdown.js';
import { renderMarker } from './marker.js';
import type { PlanFile, PlannedLayer, PlanProblem } from './plan-file.js';
import { renderReasons } from './reasons.js';

const MOST_SHOWN = 100;

const FOOTER =
  '<sub>Planned without AWS, because the run has no credentials: which images there are is not known. ' +
  'Names and reasons are as the pull request has them.</sub>';

/** The comment on a pull request whose own runs may not write one. `run` is the run that made the plan. */
export function renderPlanFileComment(file: PlanFile, run: RunIdentity, { id }: CommentOptions): string {
  const { layers, problems } = file;
  const context = [inlineCode(shortCommit(run)), renderRun(run)].join(' · ');
  const shown = { layers: layers.slice(0, MOST_SHOWN), problems: problems.slice(0, MOST_SHOWN) };
  const more = layers.length + problems.length - shown.layers.length - shown.problems.length;
  const body = joinParts([
    `### ${renderVerdict(file)}\n${context}`,
    shown.layers.length === 0 ? undefined : markdownTable(['Layer', 'Why'], shown.layers.map(renderLayer)),
    shown.problems.map(renderProblem).join('\n'),
    more > 0 ? `and ${more} more, in the summary of the run.` : undefined,
    FOOTER,
  ]);
  return `${renderMarker(makeMarker(run, id, 'planned'))}\n${body}`.slice(0, COMMENT_LIMIT);
}

function renderVerdict({ layers, problems }: PlanFile): string {
  if (problems.length > 0) return `❌ AMI layers: ${plural(problems.length, 'problem')} in the templates`;
  if (layers.length === 0) return '✅ AMI layers: no AMI changes';
  return `📋 AMI layers: ${layers.length} planned`;
}

function renderLayer({ label, reasons }: PlannedLayer): readonly string[] {
  return [inlineCode(label), renderReasons(reasons, { now: 0, quote: inlineCode })];
}

function renderProblem({ message, fix, place }: PlanProblem): string {
  const text = `${escapeMarkdown(message)}<br>**Fix:** ${escapeMarkdown(fix)}`;
  return place === undefined ? `- ${text}` : `- ${inlineCode(place)}: ${text}`;
}
