import { sweep } from '../commands/sweep.js';
import { EXIT_CODES } from '../report/result.js';
import { sweepToJson } from '../report/sweep-json.js';
import { renderSweep } from '../report/sweep-lines.js';
import { sweepResultOf } from '../report/sweep-report.js';
import type { SweepFlags } from './flags.js';
import { openSession } from './session.js';
import type { Terminal } from './terminal.js';

/** `ami-layers sweep`; returns the exit status. */
export async function runSweep(flags: SweepFlags, terminal: Terminal): Promise<number> {
  const { ports, region } = await openSession(
    { ...(flags.scope === undefined ? {} : { scope: flags.scope }), sandbox: flags.sandbox === true },
    terminal,
  );
  const named = flags.region.length > 0 ? flags.region : region === undefined ? [] : [region];
  const report = await sweep(
    {
      regions: named,
      runs: flags.run,
      olderThanMs: flags.olderThan,
      dryRun: flags.dryRun === true,
    },
    ports,
  );
  if (flags.json === true) terminal.out(sweepToJson(report));
  else for (const line of renderSweep(report)) terminal.out(line);
  return EXIT_CODES[sweepResultOf(report)];
}
