import type { EndReason, KeepReason, Verdict } from '../images/decide-sweep.js';
import { formatAge, plural } from './durations.js';
import { identify, type SweepReport, type SweepResult, type SweepRow } from './sweep-report.js';
import { safeLine, shorten } from './untrusted.js';

/** In the order in which rows are shown: what needs a person comes first. */
export const SWEEP_WORDS = {
  left: { emoji: '❌', word: 'left behind' },
  ended: { emoji: '🧹', word: 'ended' },
  'would-end': { emoji: '🧹', word: 'would end' },
  kept: { emoji: '⏳', word: 'kept' },
} as const satisfies Record<SweepResult, { readonly emoji: string; readonly word: string }>;

const RESULTS = Object.keys(SWEEP_WORDS) as readonly SweepResult[];

/** EC2's reasons can be whole paragraphs. */
const LONGEST_REASON = 300;

/** Why something goes or stays, in words safe to print. `now` in milliseconds since the epoch. */
export function explainVerdict({ reason }: Verdict, now: number): string {
  return safeLine(explainReason(reason, now));
}

function explainReason(reason: EndReason | KeepReason, now: number): string {
  switch (reason.kind) {
    case 'expired':
      return `expired ${formatAge(now - reason.expiresAt)} ago`;
    case 'of-run':
      return `of run ${reason.runId}`;
    case 'too-old':
      return `launched ${formatAge(now - reason.launchedAt)} ago`;
    case 'broken': {
      const why = reason.stateReason === undefined ? '' : `: ${shorten(reason.stateReason, LONGEST_REASON)}`;
      return `EC2 could not make it (${reason.state}${why})`;
    }
    case 'not-expired':
      return `expires in ${formatAge(reason.expiresAt - now)}`;
    case 'no-expiry':
      return 'does not say when it expires';
    case 'ending':
      return 'is ending already';
    case 'being-imaged':
      return `its image ${reason.imageId} is still being made`;
    case 'pending':
      return 'EC2 is still making it';
    case 'resumable':
      return 'the next build goes on with it';
    case 'finished-once':
      return `${reason.state}, but it was ${reason.buildState}: only half-made images are swept`;
    case 'taken-away':
      return `${reason.state} by somebody on purpose`;
  }
}

/** Rows as they are shown: by result, then the oldest first. EC2 lists in no order of its own. */
export function inOrder(rows: readonly SweepRow[]): readonly SweepRow[] {
  return rows.toSorted((a, b) => {
    const [first, second] = [identify(a.found), identify(b.found)];
    const byResult = RESULTS.indexOf(a.result) - RESULTS.indexOf(b.result);
    return byResult || first.since - second.since || (first.id < second.id ? -1 : 1);
  });
}

/** `1 left behind`, `2 ended`, …: what there is. */
export function countResults(rows: readonly SweepRow[]): readonly string[] {
  return RESULTS.flatMap((result) => {
    const count = rows.filter((row) => row.result === result).length;
    return count === 0 ? [] : [`${count} ${SWEEP_WORDS[result].word}`];
  });
}

/** What went wrong, one line each. */
export function sweepTroubles({ leftovers, unread }: SweepReport): readonly string[] {
  return [
    ...leftovers.map(({ kind, id, region, why }) => `left behind: ${kind} ${id} in ${region}: ${why}`),
    ...unread.map(({ region, message, fix }) => `${region} was not swept: ${message}. Fix: ${fix}`),
  ].map(safeLine);
}

/** The one line of a sweep that failed; undefined when it did not. */
export function renderSweepFailure(report: SweepReport): string | undefined {
  const [first, ...others] = sweepTroubles(report);
  if (first === undefined) return undefined;
  return others.length === 0 ? first : `${first} (and ${plural(others.length, 'more problem')})`;
}
