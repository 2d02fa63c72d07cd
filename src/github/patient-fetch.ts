import type { Clock } from '../lib/clock.js';
import type { Fetch, FetchAnswer } from './toolkit-fetch.js';

export interface Patience {
  readonly clock: Clock;
  /** How long one request may wait in all before it is asked again. */
  readonly mostMs: number;
}

/** A front end of GitHub that has trouble of its own, or is being deployed. */
const HICCUPS: readonly number[] = [500, 502, 503, 504];
/** As long as @octokit/plugin-retry waits before its three repetitions. */
const PAUSES_MS = [1_000, 4_000, 9_000];

/** GitHub asks for a minute where it names no time (docs.github.com, REST: rate limits, "Exceeding the rate limit"). */
const UNNAMED_PAUSE_MS = 60_000;

/**
 * Asks again what GitHub could not answer, or what its rate limits refused, as long as there is patience. What may have
 * been done although the answer was lost is asked for once more too: whoever writes looks for duplicates. Octokit's plugins for
 * this know no budget for a whole request, and one of them paces every write.
 */
export function makePatientFetch(fetch: Fetch, { clock, mostMs }: Patience): Fetch {
  return async (url, request) => {
    let left = mostMs;
    for (let tries = 0; ; tries += 1) {
      const answer = await fetch(url, request);
      const pause = await pauseAfter(answer, tries, clock);
      if (pause === undefined || pause > left) return answer;
      left -= pause;
      await clock.sleep(pause, request.signal);
    }
  };
}

/** Undefined: another try would change nothing. */
async function pauseAfter(answer: FetchAnswer, tries: number, clock: Clock): Promise<number | undefined> {
  const { status, headers } = answer;
  const after = PAUSES_MS[tries];
  if (after === undefined) return undefined;
  const named = Number(headers.get('retry-after'));
  if (HICCUPS.includes(status)) return Math.max(after, named > 0 ? named * 1000 : 0);
  if (status !== 403 && status !== 429) return undefined;
  if (named > 0) return named * 1000;
  if (headers.get('x-ratelimit-remaining') === '0') {
    const reset = Number(headers.get('x-ratelimit-reset')) * 1000;
    return Math.max(after, reset - clock.now());
  }
  return status === 429 || /secondary rate limit/i.test(await answer.text()) ? UNNAMED_PAUSE_MS : undefined;
}
