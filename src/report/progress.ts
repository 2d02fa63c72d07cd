import type { Outcome } from '../build/outcome.js';
import { PHASE_WORDS } from './words.js';

/** How far a layer was when its run stopped waiting. `quote` wraps what other runs have written. */
export function renderProgress(
  { phase, followed }: Extract<Outcome, { readonly kind: 'in-progress' }>,
  quote: (text: string) => string,
): string {
  if (phase !== undefined) return PHASE_WORDS[phase].doing;
  return followed === undefined ? 'not begun' : `run ${quote(followed)} is at it`;
}

/** The run that has made what this one uses; empty where it was there before. */
export function renderFollowed(outcome: Outcome | undefined, quote: (text: string) => string): string {
  const followed = outcome?.kind === 'reused' ? outcome.followed : undefined;
  return followed === undefined ? '' : `made by run ${quote(followed)} meanwhile; `;
}
