import { measuredOf } from '../build/measured.js';
import type { Memory } from '../commands/ports.js';
import type { Program } from '../github/cache-service.js';
import type { FailureCache } from '../github/failure-cache.js';
import { inTime } from '../lib/in-time.js';
import type { Clock } from '../lib/clock.js';
import type { VariantKey } from '../plan/build-plan.js';
import { remember } from '../plan/history.js';
import { NOTHING_KEPT, type Kept } from '../plan/kept.js';
import { writeFailureFile, type FailedLayer } from '../report/failure-file.js';
import type { RunReport } from '../report/run-report.js';
import { findFailed } from './find-failed.js';

/** A build waits no longer for what earlier runs left; nothing is lost of it when it comes later. Milliseconds. */
const LONGEST_WAIT_MS = 4_000;

/** A job that builds one layer has one that fails: its own, or one it stands on. */
const MOST_TOLD = 8;

/** What runs, and the jobs of one, tell later ones, in GitHub's cache. It is asked for, and loaded, when something is to be built. */
export interface CachedMemory extends Memory {
  /** Writes what is new, if anything is. */
  readonly save: (report: RunReport) => Promise<void>;
  /** What has failed in other jobs of this run, of the layers that a plan would build. */
  readonly failedIn: (planned: RunReport) => Promise<ReadonlyMap<VariantKey, FailedLayer>>;
}

export function createMemory(program: Program, clock: Clock): CachedMemory {
  let whole: Promise<Kept> | undefined;
  const recallAll = (): Promise<Kept> =>
    (whole ??= import('../github/kept-cache.js').then(({ restoreKept }) => restoreKept(program)));
  let inLimit: Promise<Kept | undefined> | undefined;
  const recall = async (): Promise<Kept> => {
    inLimit ??= inTime(recallAll, { limitMs: LONGEST_WAIT_MS, clock, signal: program.signal });
    return (await inLimit) ?? NOTHING_KEPT;
  };
  const failures = async (report: RunReport): Promise<FailureCache> =>
    (await import('../github/failure-cache.js')).openFailureCache(report.run, program);
  let learned: Partial<Kept> = {};

  const saveKept = async ({ run, results }: RunReport): Promise<void> => {
    const measured = measuredOf(results.values());
    if (measured.length === 0 && Object.keys(learned).length === 0) return;
    const before = await recallAll();
    const { saveKept: save } = await import('../github/kept-cache.js');
    await save({ ...before, ...learned, durations: remember(before.durations, measured) }, run, program);
  };
  const tellFailed = async (report: RunReport): Promise<void> => {
    const failed = [...report.results.values()].flatMap(({ key, outcome }) =>
      outcome.kind === 'failed' ? [{ key, text: writeFailureFile({ outcome, startedAt: report.startedAt }) }] : [],
    );
    if (failed.length === 0) return;
    const { tell } = await failures(report);
    await Promise.all(failed.slice(0, MOST_TOLD).map(({ key, text }) => tell(key, text)));
  };

  return {
    recall,
    keep: (part) => {
      learned = { ...learned, ...part };
    },
    save: async (report) => {
      await Promise.all([saveKept(report), tellFailed(report)]);
    },
    failedIn: async (planned) => findFailed(planned.plan, await failures(planned)),
  };
}
