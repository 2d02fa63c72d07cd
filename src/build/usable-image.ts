import type { Outcome } from './outcome.js';

/** The image of an outcome that children may build on: validated ones only. */
export function usableImage(outcome: Outcome): string | undefined {
  return outcome.kind === 'built' || outcome.kind === 'reused' ? outcome.imageId : undefined;
}
