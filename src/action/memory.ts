import { measuredOf } from '../build/measured.js';
import type { Memory } from '../commands/ports.js';
import type { Program } from '../github/cache-service.js';
import { remember } from '../plan/history.js';
import type { Kept } from '../plan/kept.js';
import type { RunReport } from '../report/run-report.js';

/** What runs tell later ones, in GitHub's cache. It is asked for, and loaded, when something is built. */
export interface CachedMemory extends Memory {
  /** Writes what is new, if anything is. */
  readonly save: (report: RunReport) => Promise<void>;
}

export function createMemory(program: Program): CachedMemory {
  let recalled: Promise<Kept> | undefined;
  const recall = (): Promise<Kept> =>
    (recalled ??= import('../github/kept-cache.js').then(({ restoreKept }) => restoreKept(program)));
  let learned: Partial<Kept> = {};
  return {
    recall,
    keep: (part) => {
      learned = { ...learned, ...part };
    },
    save: async ({ run, results }) => {
      const measured = measuredOf(results.values());
      if (measured.length === 0 && Object.keys(learned).length === 0) return;
      const { saveKept } = await import('../github/kept-cache.js');
      const before = await recall();
      await saveKept({ ...before, ...learned, durations: remember(before.durations, measured) }, run, program);
    },
  };
}
