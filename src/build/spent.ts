import { BUILDER_PHASES, costOf, type MachinesOf, type Times } from '../plan/estimate.js';
import type { BuildPlan } from '../plan/build-plan.js';
import type { LayerResult, Phase, PhaseTiming } from './outcome.js';

/** What a run has cost, in US dollars; undefined where nothing was launched, or the price of a type is not known. */
export function spentUsd(
  { items }: BuildPlan,
  results: ReadonlyMap<string, LayerResult>,
  machinesOf: MachinesOf,
): number | undefined {
  const costs = items.flatMap((item) => {
    const timings = results.get(item.key)?.timings ?? [];
    return timings.length === 0 ? [] : [costOf(item, timesOf(timings), machinesOf(item))];
  });
  if (costs.length === 0) return undefined;
  return costs.reduce((sum, cost) => (sum === undefined || cost === undefined ? undefined : sum + cost));
}

function timesOf(timings: readonly PhaseTiming[]): Times {
  const spent = (...phases: readonly Phase[]): number =>
    timings.reduce(
      (sum, { phase, startedAt, endedAt }) => (phases.includes(phase) ? sum + endedAt - startedAt : sum),
      0,
    );
  return { builderMs: spent(...BUILDER_PHASES), imageMs: spent('image'), testMs: spent('validate') };
}
