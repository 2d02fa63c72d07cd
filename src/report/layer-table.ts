import { summarize } from './differences.js';
import { formatDuration, plural } from './durations.js';
import { describeOwnFailure } from './failures.js';
import { imageUrl, shortImageId } from './links.js';
import { escapeMarkdown, inlineCode, markdownTable, unbroken } from './markdown.js';
import { renderFollowed, renderProgress } from './progress.js';
import { renderReasons, shortHash } from './reasons.js';
import type { Row } from './rows.js';
import type { RunReport } from './run-report.js';
import { ROW_WORDS, type RowKind } from './words.js';
import type { Detail } from './within-limit.js';

export interface TableStyle {
  readonly report: RunReport;
  readonly rows: readonly Row[];
  readonly detail: Detail;
  /** `brief` for a comment: images abbreviated; `full` for the summary: whole ids, hashes and parents. */
  readonly columns: 'brief' | 'full';
}

interface Column {
  readonly head: string;
  readonly cell: (row: Row, style: TableStyle) => string;
}

const LAYER: Column = { head: 'Layer', cell: ({ label }) => inlineCode(label) };
const RESULT: Column = { head: 'Result', cell: renderResult };
const WHY: Column = { head: 'Why', cell: renderWhy };
/** Left out where nothing took any time, as in a plan. */
const TIME: Column = {
  head: 'Time',
  cell: ({ durationMs }) => (durationMs === undefined ? '' : unbroken(formatDuration(durationMs))),
};
/** Left out where no image was compared. */
const PACKAGES: Column = {
  head: 'Packages, size',
  cell: ({ item }, { report }) => {
    const difference = report.differences?.get(item.key);
    return difference === undefined ? '' : unbroken(summarize(difference));
  },
};

const COLUMNS = {
  brief: [
    LAYER,
    RESULT,
    { head: 'AMI', cell: (row, { detail }) => renderImage(row, detail.links ? shortImageId : undefined) },
    WHY,
    PACKAGES,
    TIME,
  ],
  full: [
    LAYER,
    RESULT,
    { head: 'AMI', cell: (row, { detail }) => renderImage(row, detail.links ? (imageId) => imageId : undefined) },
    { head: 'Hash', cell: ({ item }) => inlineCode(shortHash(item.templateHash)) },
    { head: 'Parent', cell: ({ item }) => (item.node.parent === undefined ? '' : inlineCode(item.node.parent)) },
    WHY,
    PACKAGES,
    TIME,
  ],
} satisfies Record<TableStyle['columns'], readonly Column[]>;

/** What is said of the layer on whose account another is blocked. */
const BLOCKER_WORDS = {
  failed: 'failed',
  cancelled: 'was cancelled',
  blocked: 'is blocked',
  'in-progress': 'is in progress',
  built: 'is built',
  reused: 'is reused',
  build: 'is not built yet',
  validate: 'is not validated yet',
  reuse: 'is reused',
  planned: 'is not looked up',
} as const satisfies Record<RowKind, string>;

const REUSED = new Set<RowKind>(['reused', 'reuse']);

/** One row per variant; below the table, what it does not list. */
export function renderLayerTable(style: TableStyle): string {
  const timed = style.rows.some(({ durationMs }) => durationMs !== undefined);
  const compared = (style.report.differences?.size ?? 0) > 0;
  const columns = COLUMNS[style.columns].filter(
    (column) => (timed || column !== TIME) && (compared || column !== PACKAGES),
  );
  const reused = style.rows.filter(({ kind }) => REUSED.has(kind));
  const others = style.rows.filter(({ kind }) => !REUSED.has(kind));
  const listReused = reused.length <= style.detail.reusedRows;
  const listed = [...others.slice(0, style.detail.otherRows), ...(listReused ? reused : [])];
  const table = markdownTable(
    columns.map(({ head }) => head),
    listed.map((row) => columns.map(({ cell }) => cell(row, style))),
  );
  const missing = [
    ...(listReused ? [] : [`${plural(reused.length, 'layer')} ${ROW_WORDS.reused.word}`]),
    ...(others.length > style.detail.otherRows
      ? [`${plural(others.length - style.detail.otherRows, 'layer')} more`]
      : []),
  ];
  return missing.length === 0 ? table : `${table}\n\nNot listed: ${missing.join(', ')}.`;
}

function renderResult({ kind, result, promoted }: Row): string {
  const { emoji, word } = ROW_WORDS[kind];
  const validated = result?.outcome.kind === 'reused' && result.outcome.validated ? ', checks passed' : '';
  return `${unbroken(`${emoji} ${word}`)}${validated}${promoted ? ', now `latest`' : ''}`;
}

/** `write`: what to call the image in its link; undefined: no link, so the whole id. */
function renderImage({ imageId, item }: Row, write: ((imageId: string) => string) | undefined): string {
  if (imageId === undefined) return '';
  if (write === undefined) return inlineCode(imageId);
  const url = imageUrl(item.region, imageId);
  return url === undefined ? inlineCode(write(imageId)) : `[${inlineCode(write(imageId))}](${url})`;
}

function renderWhy({ item, result }: Row, { report, rows, detail }: TableStyle): string {
  const outcome = result?.outcome;
  if (outcome?.kind === 'blocked') {
    const blocker = rows.find((row) => row.item.key === outcome.by);
    const own = escapeMarkdown(describeOwnFailure(outcome));
    return `${inlineCode(blocker?.label ?? outcome.by)} ${BLOCKER_WORDS[blocker?.kind ?? 'failed']}${own}`;
  }
  if (outcome?.kind === 'cancelled' && outcome.after !== undefined) {
    const failed = rows.find((row) => row.item.key === outcome.after);
    return `${inlineCode(failed?.label ?? outcome.after)} failed`;
  }
  if (outcome?.kind === 'in-progress') return renderProgress(outcome, inlineCode);
  if (!detail.reasons) return '';
  const reasons = renderReasons(item.reasons, { now: report.finishedAt, quote: inlineCode });
  return `${renderFollowed(outcome, inlineCode)}${reasons}`;
}
