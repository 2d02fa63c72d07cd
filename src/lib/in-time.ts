import type { Clock } from './clock.js';

export interface Limit {
  readonly limitMs: number;
  readonly clock: Clock;
  /** Ends it early. */
  readonly signal: AbortSignal;
}

/** For what is good to have and not worth a wait: undefined where it fails or takes longer. Its signal is aborted then. */
export async function inTime<T>(
  work: (signal: AbortSignal) => Promise<T>,
  { limitMs, clock, signal }: Limit,
): Promise<T | undefined> {
  const over = new AbortController();
  const end = AbortSignal.any([signal, over.signal]);
  const late = clock.sleep(limitMs, end).then(() => undefined);
  try {
    return await Promise.race([work(end), late]);
  } catch {
    return undefined;
  } finally {
    over.abort();
  }
}
