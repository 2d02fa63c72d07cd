import type { RunIdentity } from '../run-identity.js';
import { makeMarker, type CommentOptions } from './comment.js';
import { renderOrigin } from './heading.js';
import { joinParts } from './markdown.js';
import { renderMarker } from './marker.js';

/** The comment of a run that was killed before it could say what became of its layers. */
export function renderKilledComment(run: RunIdentity, { id }: CommentOptions): string {
  return `${renderMarker(makeMarker(run, id, 'done'))}\n${renderKilled(run, '###')}`;
}

/** The job summary of such a run. */
export function renderKilledSummary(run: RunIdentity): string {
  return renderKilled(run, '##');
}

function renderKilled(run: RunIdentity, heading: '##' | '###'): string {
  return `${joinParts([
    `${heading} ⏹️ AMI layers: ended before it was done\n${renderOrigin(run)}`,
    'The job was cancelled or its `timeout-minutes` ran out, and it was killed before it could say what became of each layer. ' +
      'The log has what was done until then.',
    '<sub>A re-run resumes: images that were finished are reused.</sub>',
  ])}\n`;
}
