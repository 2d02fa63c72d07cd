import { measuredOf } from '../build/measured.js';
import type { Program } from '../github/cache-service.js';
import { remember, type History } from '../plan/history.js';
import type { RunReport } from '../report/run-report.js';

/** What runs tell later ones, in GitHub's cache. It is asked for, and loaded, when something is built. */
export interface Memory {
  readonly recall: () => Promise<History>;
  readonly keep: (report: RunReport) => Promise<void>;
}

export function createMemory(program: Program): Memory {
  let recalled: Promise<History> | undefined;
  const recall = (): Promise<History> =>
    (recalled ??= import('../github/history-cache.js').then(({ restoreHistory }) => restoreHistory(program)));
  return {
    recall,
    keep: async ({ run, results }) => {
      const measured = measuredOf(results.values());
      if (measured.length === 0) return;
      const { saveHistory } = await import('../github/history-cache.js');
      await saveHistory(remember(await recall(), measured), run, program);
    },
  };
}
