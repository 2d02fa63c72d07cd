import { pseudoRandom } from '../sandbox/support/pseudo-random.js';
import { makeActionFolder, runAction } from './action.js';
import { bornUntagged, listLeftovers } from './aftermath.js';
import { within } from './arena.js';
import { openGate } from './gate.js';
import type { Suite, TortureCase } from './suite.js';

const CASES = 100;

/** In real time, because machines end in it: sooner than any timer of an instance ends what still runs then. */
const QUIET_MS = 60_000;

/** Real milliseconds between a request and the cancellation: at most so many, so that it falls between requests as well. */
const LATEST_MS = 60;

/** The job is cancelled as GitHub does it, at any moment of a build; then the post step runs, and nothing is left. */
export const cancellations: Suite = {
  title: 'a job cancelled at any moment',
  cases: ({ undisturbed: { requests } }, { seed, count = CASES }) => {
    const random = pseudoRandom(seed);
    const total = [...requests.values()].reduce((sum, times) => sum + times, 0);
    return Array.from({ length: count }, () => makeCase({ request: 1 + random(total), delayMs: random(LATEST_MS) }));
  },
};

interface Moment {
  /** Of all requests to AWS. */
  readonly request: number;
  readonly delayMs: number;
}

function makeCase({ request, delayMs }: Moment): TortureCase {
  return {
    name: `cancelled ${delayMs} ms after request ${request}`,
    run: async (arena) => {
      const action = makeActionFolder();
      let cancel: () => void = () => undefined;
      const gate = await openGate(arena.sandbox.endpoint, {
        before: ({ number }) => {
          if (number === request) setTimeout(cancel, delayMs);
          return 'pass';
        },
      });
      const running = await runAction(arena, { action, environment: { AWS_ENDPOINT_URL: gate.endpoint } });
      cancel = running.cancel;
      const { signals, exitCode, post } = await running.finished;
      const problems = bornUntagged(await arena.calls());
      if (post?.exitCode !== 0) problems.push(`the post step ended with status ${post?.exitCode ?? 'none'}`);
      const isQuiet = await within(QUIET_MS, async () => (await listLeftovers(arena)).length === 0);
      if (!isQuiet) problems.push(`left running: ${(await listLeftovers(arena)).join(', ')}`);
      await gate.close();
      action.remove();
      return { problems, notes: [describe(signals, exitCode)] };
    },
  };
}

function describe(signals: readonly NodeJS.Signals[], exitCode: number | undefined): string {
  if (signals.length === 0) return 'ended before its turn';
  return exitCode === undefined ? 'killed' : `ended by itself after ${signals.join(', ')}`;
}
