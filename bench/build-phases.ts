import type { BenchGraph, BenchLayer } from './build-graphs.js';
import { RUNNING_SECONDS, WAITS } from './build-graphs.js';

export interface LayerTimes {
  readonly layer: string;
  /** In milliseconds. */
  readonly timings: readonly { readonly phase: string; readonly startedAt: number; readonly endedAt: number }[];
}

/** What AWS and the steps take of each phase; the rest is ours, or the processor's. */
const GIVEN: Readonly<Record<string, (layer: BenchLayer) => number>> = {
  launch: () => RUNNING_SECONDS,
  agent: () => WAITS.launch - RUNNING_SECONDS,
  steps: ({ stepSeconds }) => stepSeconds,
  stop: () => WAITS.stop,
  image: ({ imageSeconds }) => imageSeconds,
  validate: () => WAITS.launch + WAITS.checks,
};

/** How much longer each phase took than what it waits for, in seconds for the average layer. */
export function overheadByPhase({ layers }: BenchGraph, times: readonly LayerTimes[]): ReadonlyMap<string, number> {
  const byName = new Map(layers.map((layer) => [layer.name, layer]));
  const total = new Map<string, number>();
  for (const { layer: name, timings } of times) {
    const layer = byName.get(name);
    if (layer === undefined) throw new Error(`${name} is not in the graph`);
    for (const { phase, startedAt, endedAt } of timings) {
      const given = GIVEN[phase]?.(layer) ?? 0;
      total.set(phase, (total.get(phase) ?? 0) + (endedAt - startedAt) / 1000 - given);
    }
  }
  return new Map([...total].map(([phase, seconds]) => [phase, seconds / times.length]));
}
