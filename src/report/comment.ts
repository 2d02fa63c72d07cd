import { imageMap } from './outputs.js';
import { failedRows, renderFailure } from './failures.js';
import { renderContext, renderVerdict, shortCommit } from './heading.js';
import { renderLayerTable } from './layer-table.js';
import { codeBlock, details, joinParts } from './markdown.js';
import { renderMarker, type Marker } from './marker.js';
import { renderGraph } from './mermaid.js';
import { renderResume } from './next-action.js';
import { rowsOf, type Row } from './rows.js';
import type { RunIdentity } from '../run-identity.js';
import type { RunReport } from './run-report.js';
import { renderTroubles } from './troubles.js';
import { renderWithin, type Detail } from './within-limit.js';

/** UTF-16 units. GitHub refuses more than 65,536 with 422 "Body is too long". */
export const COMMENT_LIMIT = 60_000;

/** Reused layers are no news: more than these are counted. */
const MOST_REUSED_ROWS = 30;

export interface CommentOptions {
  /** The `comment-id` input. */
  readonly id: string;
}

export interface PlanCommentOptions extends CommentOptions {
  /** Whether the build follows at once, or this is all (the `plan` command). */
  readonly building: boolean;
}

/** The comment of a finished run. */
export function renderComment(report: RunReport, { id }: CommentOptions): string {
  return renderBody({ report, marker: makeMarker(report.run, id, 'done'), footer: renderFooter(report) });
}

/** The comment while there is only a plan. */
export function renderPlanComment(report: RunReport, { id, building }: PlanCommentOptions): string {
  return renderBody({
    report,
    marker: makeMarker(report.run, id, 'planned'),
    footer: building ? 'Building. This comment changes when it is done.' : 'This is a plan: nothing was created.',
  });
}

export function makeMarker(run: RunIdentity, id: string, state: Marker['state']): Marker {
  return { id, run: run.number, attempt: run.attempt, sha: shortCommit(run), state };
}

interface Body {
  readonly report: RunReport;
  readonly marker: Marker;
  readonly footer: string;
}

function renderBody({ report, marker, footer }: Body): string {
  const rows = rowsOf(report);
  const head = `${renderMarker(marker)}\n### ${renderVerdict(report, rows)}\n${renderContext(report)}`;
  return renderWithin({
    limit: COMMENT_LIMIT,
    measure: (text) => text.length,
    reusedRows: MOST_REUSED_ROWS,
    render: (detail) =>
      `${joinParts([
        head,
        rows.length === 0 ? undefined : renderLayerTable({ report, rows, detail, columns: 'brief' }),
        ...failedRows(rows)
          .slice(0, detail.otherRows)
          .map((failed) => renderFailure(failed, report, detail.logTails)),
        detail.graph ? foldGraph(report) : undefined,
        detail.graph ? foldImages(report) : undefined,
        renderTroubles(report),
        renderSmall([footer, ...renderLeftOut(detail)]),
      ])}\n`,
  });
}

function foldGraph(report: RunReport): string | undefined {
  const graph = renderGraph(report);
  return graph === undefined ? undefined : details('Graph', graph);
}

/** The table shows abbreviated ids; here are the whole ones to copy. */
function foldImages(report: RunReport): string | undefined {
  const images = imageMap(report);
  if (Object.keys(images).length === 0) return undefined;
  return details('AMI ids', codeBlock(JSON.stringify(images, null, 2).split('\n'), 'json'));
}

function renderLeftOut({ leftOut }: Detail): readonly string[] {
  return leftOut.length === 0
    ? []
    : [`Too long for a comment; left out: ${leftOut.join(', ')}. The job summary has them.`];
}

function renderSmall(sentences: readonly string[]): string {
  const text = sentences.filter((sentence) => sentence !== '').join(' ');
  return text === '' ? '' : `<sub>${text}</sub>`;
}

function renderFooter(report: RunReport): string {
  return [renderResume(report), renderLatest(report, rowsOf(report))].filter((sentence) => sentence !== '').join(' ');
}

function renderLatest({ run, promoted }: RunReport, rows: readonly Row[]): string {
  if (promoted.length > 0) return '';
  const usable = rows.some(({ imageId }) => imageId !== undefined);
  return run.pullRequest !== undefined && usable ? '<code>latest</code> moves after the merge.' : '';
}
