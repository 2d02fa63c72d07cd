import type { VariantKey } from '../plan/build-plan.js';
import type { BuildContext } from './context.js';

const INTERVAL_MS = 60_000;

/** Something to call at every look during a long wait: says once a minute that it goes on, and for how long by now. */
export function createHeartbeat(key: VariantKey, { clock, emit }: BuildContext): (what: string) => void {
  const startedAt = clock.now();
  let nextAt = startedAt + INTERVAL_MS;
  return (what) => {
    const now = clock.now();
    if (now < nextAt) return;
    nextAt = now + INTERVAL_MS;
    emit({ kind: 'waiting', key, detail: `${what}, ${Math.round((now - startedAt) / INTERVAL_MS)} min` });
  };
}
