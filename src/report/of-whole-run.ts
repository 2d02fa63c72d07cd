import type { LayerResult } from '../build/outcome.js';
import type { ImageRecord } from '../images/image-record.js';
import { buildCostOf } from '../images/tags.js';
import { imageOfRun, type PlanItem, type VariantKey } from '../plan/build-plan.js';
import type { FailedLayer } from './failure-file.js';
import { withFailed } from './with-failed.js';
import type { RunCost, RunReport } from './run-report.js';

const NOTHING_FAILED: ReadonlyMap<VariantKey, FailedLayer> = new Map();

/**
 * The report as people read it: what another job of the same workflow run has built, this run has built, and what has
 * failed there has failed. Outputs and the result are of one step, and take the report as it is.
 */
export function ofWholeRun(ofStep: RunReport, failed = NOTHING_FAILED): RunReport {
  const report = withFailed(ofStep, failed);
  const built = new Map(
    report.plan.items.flatMap((item): [VariantKey, ImageRecord][] => {
      const image = report.results.has(item.key) ? imageOfRun(item, report.run) : undefined;
      return image === undefined ? [] : [[item.key, image]];
    }),
  );
  if (built.size === 0) return report;
  const images = [...built.values()];
  return {
    ...report,
    plan: { items: report.plan.items.map((item) => (built.has(item.key) ? withoutFound(item) : item)) },
    results: new Map([...report.results].map(([key, result]) => [key, withBuilt(result, built.get(key))] as const)),
    ...(report.cost === undefined ? {} : { cost: costOf(report.cost, images) }),
  };
}

function withoutFound(item: PlanItem): PlanItem {
  const reasons = item.reasons.filter(({ kind }) => kind !== 'image-found');
  return { ...item, reasons: [...reasons, { kind: 'built-by-job' }] };
}

function withBuilt(result: LayerResult, image: ImageRecord | undefined): LayerResult {
  if (image === undefined) return result;
  const { imageId, buildSeconds = 0 } = image;
  return { ...result, outcome: { kind: 'built', imageId, durationMs: buildSeconds * 1_000 } };
}

/** What the jobs spent is no saving. Absent where not every image says what it cost. */
function costOf({ costUsd, savedUsd }: RunCost, images: readonly ImageRecord[]): RunCost {
  const costs = images.map(buildCostOf);
  const spent = costs.reduce<number>((sum, usd) => sum + (usd ?? 0), 0);
  if (costs.includes(undefined)) return {};
  const saved = savedUsd === undefined ? 0 : Math.max(0, savedUsd - spent);
  return {
    ...(costUsd === undefined ? {} : { costUsd: costUsd + spent }),
    ...(saved === 0 ? {} : { savedUsd: saved }),
  };
}
