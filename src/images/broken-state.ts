/** States of an image that EC2 could not make (SDK ImageState). One that somebody disabled or deregistered is theirs. */
const BROKEN_STATES = new Set(['failed', 'error', 'invalid']);

/** Whether EC2's state of an image says that it never became one. */
export function isBrokenState(state: string): boolean {
  return BROKEN_STATES.has(state);
}
