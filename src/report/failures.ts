import type { FailedStep, Failure } from '../build/outcome.js';
import { locationOf, positionOf } from '../diagnostics/diagnostic.js';
import { spanUrl } from './links.js';
import { codeBlock, details, escapeMarkdown, htmlCode, inlineCode, joinParts } from './markdown.js';
import type { Row } from './rows.js';
import type { RunIdentity } from '../run-identity.js';
import type { RunReport } from './run-report.js';
import { safeLine, shorten } from './untrusted.js';
import { PHASE_WORDS, STEP_WORDS } from './words.js';

/** Lines of a failed step's output that are shown beside it; the run's log has all of them. */
export const LOG_TAIL_LINES = 20;
const LONGEST_LOG_LINE = 500;
const LONGEST_MESSAGE = 500;

/** Beside the log of a layer with secrets, which anybody may read in a public repository. */
const MASKED = 'Values of secrets are masked in it (`***`); what a step makes of a value is not.';

export interface FailedRow {
  readonly row: Row;
  readonly failure: Failure;
  /** The image that was made and did not pass its checks. */
  readonly rejected: string | undefined;
}

export function failedRows(rows: readonly Row[]): readonly FailedRow[] {
  return rows.flatMap((row) => {
    const outcome = row.result?.outcome;
    return outcome?.kind === 'failed' ? [{ row, failure: outcome.failure, rejected: outcome.imageId }] : [];
  });
}

/** What failed, in a few words: `step 3/5 "install" exited 100`. Plain text, safe to print. */
export function describeFailure({ phase, step }: Failure): string {
  if (step === undefined) return `${PHASE_WORDS[phase].noun} failed`;
  const ending = step.exitCode === undefined ? 'failed' : `exited ${step.exitCode}`;
  return `${STEP_WORDS[phase]} ${step.index}/${step.count} "${safeLine(step.name)}" ${ending}`;
}

/** Of a layer that its parent blocks, and that had failed by itself before: `, and its own step 3/5 "install" exited 100`. */
export function describeOwnFailure({ failure }: { readonly failure?: Failure }): string {
  return failure === undefined ? '' : `, and its own ${describeFailure(failure)}`;
}

/** What the message says beyond that; undefined where it says the same. */
export function explainFailure(failure: Failure): string | undefined {
  const said = describeFailure(failure);
  return safeLine(failure.message).replaceAll(':', '') === said.replaceAll(':', '') ? undefined : failure.message;
}

/** `templates/app.yml:14:5`, when the step is written in a template. */
export function failureLocation({ step }: Failure): string | undefined {
  return step?.span === undefined ? undefined : safeLine(locationOf(step.span));
}

/** The last lines of the step's output, as they may be shown anywhere after neutralising. */
export function logTail({ logTail: lines }: Failure): readonly string[] {
  return lines.slice(-LOG_TAIL_LINES).map((line) => shorten(line, LONGEST_LOG_LINE));
}

/** A failed layer to fold out: what, where, the end of the log, what to do. */
export function renderFailure({ row, failure, rejected }: FailedRow, report: RunReport, withLog: boolean): string {
  const place = failure.step === undefined ? '' : renderPlace(failure.step, report.run);
  const message = explainFailure(failure);
  const log = withLog && failure.logTail.length > 0 ? codeBlock(logTail(failure)) : undefined;
  const hasSecrets = row.item.node.layer.secrets.length > 0;
  return details(
    `<b>${escapeMarkdown(row.label)}</b>: ${escapeMarkdown(describeFailure(failure))}${place}`,
    joinParts([
      message === undefined ? undefined : escapeMarkdown(shorten(message, LONGEST_MESSAGE)),
      log,
      log !== undefined && hasSecrets ? MASKED : undefined,
      rejected === undefined ? undefined : `Rejected image: ${inlineCode(rejected)}`,
      `**Fix:** ${escapeMarkdown(shorten(failure.fix, LONGEST_MESSAGE))}`,
    ]),
    'open',
  );
}

function renderPlace({ span }: FailedStep, run: RunIdentity): string {
  if (span === undefined) return '';
  const code = htmlCode(`${span.source.path}:${positionOf(span).line}`);
  const url = spanUrl(run, span);
  return url === undefined ? ` (${code})` : ` (<a href="${url}">${code}</a>)`;
}
