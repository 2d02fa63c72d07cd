import { identify, sweepResultOf, type SweepReport } from './sweep-report.js';
import { explainVerdict, inOrder } from './sweep-words.js';

/** The whole sweep for programs: `--json`. Fields are only ever added. */
export function sweepToJson(report: SweepReport): string {
  const { regions, dryRun, rows, leftovers, unread, apiCalls, startedAt, finishedAt } = report;
  const items = inOrder(rows).map(({ found, verdict, result }) => {
    const { since, ...identity } = identify(found);
    return {
      result,
      ...identity,
      since: new Date(since).toISOString(),
      reason: verdict.reason,
      why: explainVerdict(verdict, finishedAt),
    };
  });
  const seconds = (finishedAt - startedAt) / 1000;
  return JSON.stringify(
    { result: sweepResultOf(report), dryRun, regions, items, leftovers, unread, apiCalls, seconds },
    undefined,
    2,
  );
}
