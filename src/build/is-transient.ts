import { CloudFailure } from './cloud.js';

/** A look that failed for the network's or the throttle's sake is repeated with the next tick. */
export function isTransient(error: unknown): boolean {
  return error instanceof CloudFailure && error.treatment !== 'give-up';
}
