import { imageMap } from './outputs.js';
import { renderBaseMoves } from './base-moves.js';
import { renderCosts } from './cost-text.js';
import { renderDifferences } from './differences.js';
import { plural } from './durations.js';
import { failedRows, renderFailure } from './failures.js';
import { renderContext, renderVerdict, shortCommit } from './heading.js';
import { renderLayerTable } from './layer-table.js';
import { codeBlock, details, escapeMarkdown, fold, joinParts } from './markdown.js';
import { renderMarker, type Marker } from './marker.js';
import { renderGraph } from './mermaid.js';
import { NOTHING_AFFECTED, renderClosing, renderResume, renderStopped } from './next-action.js';
import { joinSentences } from './join-sentences.js';
import { renderSavings } from './savings.js';
import { EXIT_CODES, resultOf } from './result.js';
import { rowsOf, type Row } from './rows.js';
import type { RunIdentity } from '../run-identity.js';
import type { RunReport } from './run-report.js';
import { renderTroubles } from './troubles.js';
import { renderWithin, type Detail } from './within-limit.js';

/** UTF-16 units. GitHub refuses more than 65,536 with 422 "Body is too long". */
export const COMMENT_LIMIT = 60_000;

const CHANGES = 'This comment changes when it is done.';

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

/** The comment of a run that is under way: what is done so far. */
export function renderProgressComment(report: RunReport, { id }: CommentOptions): string {
  const rows = rowsOf(report);
  const done = rows.filter(({ result }) => result !== undefined).length;
  return renderBody({
    report,
    marker: makeMarker(report.run, id, 'planned'),
    footer: `Building: ${done} of ${plural(rows.length, 'layer')} done so far. ${CHANGES}`,
  });
}

/** The comment while there is only a plan. */
export function renderPlanComment(report: RunReport, { id, building }: PlanCommentOptions): string {
  return renderBody({
    report,
    marker: makeMarker(report.run, id, 'planned'),
    footer: joinSentences([
      building ? `Building. ${CHANGES}` : renderClosing(report),
      renderSavings(report),
      renderCosts(report),
    ]),
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
        detail.graph ? fold('Graph', renderGraph(report)) : undefined,
        detail.differences ? fold('Packages against <code>latest</code>', renderDifferences(report)) : undefined,
        detail.imageList ? foldImages(report) : undefined,
        renderTroubles(report),
        renderSmall([footer, ...renderLeftOut(detail)]),
      ])}\n`,
  });
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
  const text = joinSentences(sentences);
  return text === '' ? '' : `<sub>${text}</sub>`;
}

function renderFooter(report: RunReport): string {
  if (report.plan.items.length === 0) return NOTHING_AFFECTED;
  return joinSentences([
    renderStopped(report),
    renderResume(report),
    renderSavings(report),
    renderCosts(report),
    renderBaseMoves(report, escapeMarkdown),
    renderLatest(report, rowsOf(report)),
  ]);
}

function renderLatest(report: RunReport, rows: readonly Row[]): string {
  const { run, promoted } = report;
  if (promoted.length > 0 || EXIT_CODES[resultOf(report)] !== 0) return '';
  const usable = rows.some(({ imageId }) => imageId !== undefined);
  return run.pullRequest !== undefined && usable ? '<code>latest</code> moves after the merge.' : '';
}
