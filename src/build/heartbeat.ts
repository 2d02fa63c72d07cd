import { usualMs, type Part } from '../plan/history.js';
import type { VariantKey } from '../plan/build-plan.js';
import type { BuildContext } from './context.js';

const MINUTE_MS = 60_000;

/**
 * Something to call at every look during a long wait: says once a minute that it goes on, for how long by now, and, where
 * that is known of the part, how long it usually takes. `reached`: how far it is, in words.
 */
export function createHeartbeat(
  key: VariantKey,
  { clock, emit, history }: Pick<BuildContext, 'clock' | 'emit' | 'history'>,
): (what: string, part?: Part, reached?: string) => void {
  let since = clock.now();
  let nextAt = since + MINUTE_MS;
  let last: string | undefined;
  return (what, part, reached) => {
    const now = clock.now();
    if (last !== undefined && last !== what) since = now;
    last = what;
    if (now < nextAt) return;
    nextAt = now + MINUTE_MS;
    const usual = part === undefined ? undefined : usualMs(history, key, part);
    const usually = usual === undefined ? '' : `, usually ${minutes(Math.max(usual, MINUTE_MS))}`;
    emit({
      kind: 'waiting',
      key,
      detail: `${what}${reached === undefined ? '' : ` (${reached})`}, ${minutes(now - since)}${usually}`,
    });
  };
}

function minutes(ms: number): string {
  return `${Math.round(ms / MINUTE_MS)} min`;
}
