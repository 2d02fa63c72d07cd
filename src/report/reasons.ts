import type { VariantKey } from '../plan/build-plan.js';
import type { Reason } from '../plan/reason.js';
import { formatAge } from './durations.js';
import { FILE_ROLE_WORDS } from './words.js';

export interface ReasonStyle {
  /** Milliseconds since the epoch, for ages. */
  readonly now: number;
  /** Sets a literal (a path, a name, an id) apart from the sentence and makes it safe for where it is shown. */
  readonly quote: (literal: string) => string;
}

/** More than this many reasons of one variant are counted instead of listed. */
const MOST_REASONS = 3;

/** One reason as half a sentence: `` `templates/runtime.yml` changed ``. */
export function renderReason(reason: Reason, { now, quote }: ReasonStyle): string {
  switch (reason.kind) {
    case 'file-changed':
      return `${quote(reason.path)} ${FILE_ROLE_WORDS[reason.role]}`;
    case 'parent-affected':
      return `parent ${quote(reason.parent)} is affected`;
    case 'no-image':
      return `no image for hash ${quote(shortHash(reason.templateHash))}`;
    case 'not-looked-up':
      return `not known whether hash ${quote(shortHash(reason.templateHash))} has an image`;
    case 'image-failed':
      return `image ${quote(reason.imageId)} failed in EC2`;
    case 'image-rejected':
      return `image ${quote(reason.imageId)} did not pass its checks`;
    case 'image-not-trusted':
      return `image ${quote(reason.imageId)} is not the default branch's own`;
    case 'rebuild-requested':
      return 'a rebuild was requested';
    case 'parent-rebuilt':
      return `parent ${quote(layerOf(reason.parent))} is rebuilt`;
    case 'not-validated':
      return `image ${quote(reason.imageId)} has not passed its checks yet`;
    case 'checks-changed':
      return `the checks changed since image ${quote(reason.imageId)} was checked`;
    case 'image-found':
      return `hash ${quote(shortHash(reason.templateHash))} has an image${renderAge(reason.created, now)}`;
    case 'built-by-job':
      return 'built by another job of this run';
    case 'needed-by':
      return `needed by ${quote(layerOf(reason.child))}`;
  }
}

/** All reasons of one variant on one line. */
export function renderReasons(reasons: readonly Reason[], style: ReasonStyle): string {
  const said = withoutRepeats(reasons);
  const shown = said.slice(0, MOST_REASONS).map((reason) => renderReason(reason, style));
  const more = said.length - shown.length;
  return [...shown, ...(more > 0 ? [`and ${more} more`] : [])].join('; ');
}

/** Enough of a hash to recognise it by. */
export function shortHash(hash: string): string {
  return hash.slice(0, 6);
}

/** A variant is built on the same architecture of its parent, so that the layer's name says it all. */
function layerOf(key: VariantKey): string {
  return key.slice(0, key.indexOf('/'));
}

/** That a parent is rebuilt says all that "is affected" would say before it. */
function withoutRepeats(reasons: readonly Reason[]): readonly Reason[] {
  const rebuilt = reasons.flatMap((reason) => (reason.kind === 'parent-rebuilt' ? [layerOf(reason.parent)] : []));
  return reasons.filter((reason) => reason.kind !== 'parent-affected' || !rebuilt.includes(reason.parent));
}

function renderAge(created: string, now: number): string {
  const time = Date.parse(created);
  return Number.isNaN(time) ? '' : `, ${formatAge(now - time)} old`;
}
