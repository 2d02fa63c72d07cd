import type { LayerResult, Outcome } from '../build/outcome.js';
import type { PlanItem, VariantKey } from '../plan/build-plan.js';
import type { FailedLayer } from './failure-file.js';
import type { RunReport } from './run-report.js';

/**
 * A plan that is made after layers failed in other jobs of its run, as a report of that run: what there is, what failed,
 * and what that blocks. Of the rest nobody has told anything.
 */
export function withFailed(planned: RunReport, failed: ReadonlyMap<VariantKey, FailedLayer>): RunReport {
  if (failed.size === 0) return planned;
  const results = new Map<VariantKey, LayerResult>();
  for (const item of planned.plan.items) {
    const outcome = failed.get(item.key)?.outcome ?? outcomeOf(item, results);
    if (outcome !== undefined) results.set(item.key, { key: item.key, outcome, timings: [], steps: [] });
  }
  // What is still to be built is not what the run has cost, nor how long it takes.
  const { expectedMs: _, cost, ...said } = planned;
  const saved = cost?.savedUsd === undefined ? {} : { cost: { savedUsd: cost.savedUsd } };
  const startedAt = Math.min(planned.startedAt, ...[...failed.values()].map((layer) => layer.startedAt));
  return { ...said, ...saved, startedAt, results, unfinished: true };
}

function outcomeOf({ action, parent }: PlanItem, results: ReadonlyMap<VariantKey, LayerResult>): Outcome | undefined {
  if (action.kind === 'reuse') {
    return { kind: 'reused', imageId: action.image.imageId, validated: false, durationMs: 0 };
  }
  const above = parent === undefined ? undefined : results.get(parent);
  if (above?.outcome.kind === 'blocked') return { kind: 'blocked', by: above.outcome.by };
  return above?.outcome.kind === 'failed' ? { kind: 'blocked', by: above.key } : undefined;
}
