import type { Measured } from '../plan/history.js';
import type { LayerResult, PhaseTiming, StepTiming } from './outcome.js';

/** What results say of how long things take: those that came to a good end, from the beginning on. */
export function measuredOf(results: Iterable<LayerResult>): readonly Measured[] {
  return [...results].flatMap(({ key, outcome, timings, steps }): readonly Measured[] => {
    if (outcome.kind !== 'built') return [];
    return [
      ...[...phaseTimes(timings)].map(([phase, durationMs]) => ({ key, part: `phase ${phase}` as const, durationMs })),
      ...steps.map(({ name, durationMs }: StepTiming) => ({ key, part: `step ${name}` as const, durationMs })),
    ];
  });
}

/** A phase may have been begun more than once. */
function phaseTimes(timings: readonly PhaseTiming[]): ReadonlyMap<string, number> {
  const times = new Map<string, number>();
  for (const { phase, startedAt, endedAt } of timings) {
    times.set(phase, (times.get(phase) ?? 0) + endedAt - startedAt);
  }
  return times;
}
