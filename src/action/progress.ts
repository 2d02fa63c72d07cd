import type { OnBuildEvent } from '../build/events.js';
import type { LayerResult } from '../build/outcome.js';
import type { Clock } from '../lib/clock.js';
import type { VariantKey } from '../plan/build-plan.js';
import type { RunReport } from '../report/run-report.js';

const SHORTEST_PAUSE_MS = 60_000;

/** The longer a run goes on, the rarer its news: a run of six hours brings its comment up to date 13 times. */
const PAUSE_PER_ELAPSED = 0.5;

/** With the plan before and the end after, a run writes its comment at most 20 times. */
const MOST_WRITES = 18;

export interface ProgressOptions {
  /** The plan, as it was told. */
  readonly planned: RunReport;
  readonly clock: Clock;
  /** Shows what is done so far; answers whether it was shown. Does not throw. */
  readonly show: (report: RunReport) => Promise<boolean>;
}

export interface Progress {
  readonly onEvent: OnBuildEvent;
  /** Resolves when nothing is being shown any more. */
  readonly settle: () => Promise<void>;
}

/** Shows how far a build is, now and then, when a layer came to its end since. Nobody waits for it. */
export function createProgress({ planned, clock, show }: ProgressOptions): Progress {
  const startedAt = clock.now();
  const results = new Map<VariantKey, LayerResult>();
  let shown = 0;
  let shownAt = startedAt;
  let writes = 0;
  let showing: Promise<void> | undefined;

  const isDue = (now: number): boolean => {
    const pause = Math.max(SHORTEST_PAUSE_MS, (shownAt - startedAt) * PAUSE_PER_ELAPSED);
    return results.size > shown && writes < MOST_WRITES && now - shownAt >= pause;
  };
  return {
    onEvent: (event) => {
      if (event.kind === 'outcome')
        results.set(event.key, { key: event.key, outcome: event.outcome, timings: [], steps: [] });
      const now = clock.now();
      if (showing !== undefined || !isDue(now)) return;
      shown = results.size;
      shownAt = now;
      writes += 1;
      const report = { ...planned, results: new Map(results), unfinished: true, finishedAt: now };
      showing = show(report).then((wasShown) => {
        if (!wasShown) writes = MOST_WRITES;
        showing = undefined;
      });
    },
    settle: async () => {
      await showing;
    },
  };
}
