import { StandardRetryStrategy } from '@smithy/core/retry';
import { sdkCode } from './failure.js';
import { treatmentOf } from './treatment.js';

/** Requests that were sent again, by the error that made it necessary. */
export type Repeats = Record<string, number>;

/** With the SDK's pauses (0.5 s, doubled each time, at most 20 s, a random part of it) about half a minute in all. */
const ATTEMPTS_WHEN_THROTTLED = 9;
const ATTEMPTS = 5;

type Asked = Parameters<StandardRetryStrategy['refreshRetryTokenForRetry']>;
type Token = Awaited<ReturnType<StandardRetryStrategy['refreshRetryTokenForRetry']>>;

/** The SDK's own way to send a request again, with treatment.ts to say when. */
export class RetryStrategy extends StandardRetryStrategy {
  readonly #repeats: Repeats;

  constructor(repeats: Repeats) {
    super(ATTEMPTS_WHEN_THROTTLED);
    this.#repeats = repeats;
  }

  override async refreshRetryTokenForRetry(...[token, failure]: Asked): Promise<Token> {
    const code = sdkCode(failure.error as Error);
    const { treatment } = treatmentOf(code);
    const isRefusal = treatment === 'again';
    // A lack of capacity comes with a status that the SDK takes for passing. It is an answer: the next place may have room.
    const isAnswer = treatment === 'next-place' || treatment === 'on-demand';
    const isTooOften = !isRefusal && token.getRetryCount() + 1 >= ATTEMPTS;
    if (isAnswer || isTooOften) throw new Error(code);
    const next = await super.refreshRetryTokenForRetry(
      token,
      isRefusal ? { ...failure, errorType: 'THROTTLING' } : failure,
    );
    this.#repeats[code] = (this.#repeats[code] ?? 0) + 1;
    return next;
  }
}
