import type { Trust } from '../run-identity.js';

export type { Trust } from '../run-identity.js';

/** Whose work a run takes over. `trusted`: nothing but what was made from the default branch's own code. */
export type Reuse = 'any' | 'trusted';

/** As whom a run looks at what is in the account. */
export interface Viewer {
  readonly trust: Trust;
  readonly reuse: Reuse;
}

interface Trace {
  readonly trust: Trust;
}

/**
 * Whether a run may let anything depend on an image or an instance: reuse it, build on it, follow whoever works on it,
 * make it latest. What it may not rely on is not there for it.
 */
export function mayRelyOn({ reuse }: Pick<Viewer, 'reuse'>, trace: Trace): boolean {
  return reuse === 'any' || trace.trust === 'main';
}

/**
 * Whether a run may change what it relies on: take a builder over, end it, write a verdict on an image. A pull request's
 * run changes nothing that the default branch's own code made, whatever its role would let it.
 */
export function mayChange({ trust }: Pick<Viewer, 'trust'>, trace: Trace): boolean {
  return trust === 'main' || trace.trust === 'pr';
}

/** What is made from several things is trusted as the least trusted of them is. */
export function leastTrust(...sources: readonly Trust[]): Trust {
  return sources.every((trust) => trust === 'main') ? 'main' : 'pr';
}
