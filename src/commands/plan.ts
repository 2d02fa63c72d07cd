import { recordedSettings } from '../plan/recorded-settings.js';
import type { RunReport } from '../report/run-report.js';
import { decide } from './decide.js';
import { gatherLayers } from './gather-layers.js';
import { lookAhead, type OutlookOptions } from './look-ahead.js';
import type { Ports } from './ports.js';

/** What `build` would do and why. Throws `InvalidInput` before anything is asked of AWS. */
export async function plan(options: OutlookOptions, ports: Ports): Promise<RunReport> {
  const startedAt = ports.clock.now();
  const gathered = await gatherLayers(options, ports.workspace, ports.signal);
  const decided = await decide(gathered, options, ports.cloudIn);
  const { said } = await lookAhead(decided, options, ports);
  const report: RunReport = {
    run: ports.run,
    plan: decided,
    results: new Map(),
    promoted: [],
    leftovers: [],
    warnings: recordedSettings(decided),
    ...said,
    apiCalls: { ...ports.apiCalls },
    startedAt,
    finishedAt: ports.clock.now(),
  };
  await ports.onPlan(report);
  return report;
}
