import { WAITS, type BenchGraph, type BenchLayer } from './build-graphs.js';

/** Who looks every 15 s notices what he waits for half of that late. */
const NOTICED_LATE = 7.5;

const { launch, stop, checks } = WAITS;
const VALIDATION = launch + checks;
/** A file system that is frozen instead of stopped. */
const FREEZE = 3;

/** No build is faster: one launch, the longest way of steps, the last image and its validation. */
export function idealSeconds(graph: BenchGraph): number {
  return Math.max(...ways(graph).map((way) => launch + steps(way) + FREEZE + last(way).imageSeconds + VALIDATION));
}

/**
 * What our own rules cost by themselves: a layer is launched when its parent's image is there, and imaged when it is
 * stopped and its parent is validated. With `chain`, the child with most steps below it starts on the stopped builder.
 */
export function rulesSeconds(graph: BenchGraph, chain: boolean): number {
  const chained = new Set(chain ? firstChildren(graph) : []);
  const times = new Map<string, { readonly stopped: number; readonly imaged: number; readonly validated: number }>();
  for (const { name, parent, stepSeconds, imageSeconds } of graph.layers) {
    const under = times.get(parent ?? '') ?? { stopped: 0, imaged: 0, validated: 0 };
    const begun = chained.has(name) ? under.stopped : under.imaged;
    const stopped = Math.max(begun + launch + stepSeconds + stop, under.validated);
    const imaged = stopped + imageSeconds;
    times.set(name, { stopped, imaged, validated: imaged + VALIDATION });
  }
  return Math.max(...[...times.values()].map(({ validated }) => validated));
}

/** Of each parent, the child with the longest way of steps from it down. */
function firstChildren({ layers }: BenchGraph): readonly string[] {
  const below = new Map<string, number>();
  const first = new Map<string, { readonly name: string; readonly way: number }>();
  for (const { name, parent, stepSeconds } of layers.toReversed()) {
    const way = stepSeconds + (below.get(name) ?? 0);
    if (parent === undefined) continue;
    below.set(parent, Math.max(way, below.get(parent) ?? 0));
    if (way >= (first.get(parent)?.way ?? 0)) first.set(parent, { name, way });
  }
  return [...first.values()].map(({ name }) => name);
}

/** One script for each leaf, with all that is under it, one after another and without a cache. Nothing is validated. */
export function scriptsSeconds(graph: BenchGraph): number {
  const parents = new Set(graph.layers.map(({ parent }) => parent));
  return ways(graph)
    .filter((way) => !parents.has(last(way).name))
    .reduce(
      (total, way) =>
        total + late(launch) + steps(way) + late(stop) + late(45 + sum(way, ({ imageSeconds }) => imageSeconds - 45)),
      0,
    );
}

/** Layers with a cache, one after another. Nothing is validated. */
export function serialSeconds({ layers }: BenchGraph): number {
  return sum(layers, ({ stepSeconds, imageSeconds }) => late(launch) + stepSeconds + late(stop) + late(imageSeconds));
}

function late(seconds: number): number {
  return seconds + NOTICED_LATE;
}

/** For each layer, the way from its root down to it. */
function ways({ layers }: BenchGraph): readonly (readonly BenchLayer[])[] {
  const found = new Map<string, readonly BenchLayer[]>();
  for (const layer of layers) found.set(layer.name, [...(found.get(layer.parent ?? '') ?? []), layer]);
  return [...found.values()];
}

function steps(way: readonly BenchLayer[]): number {
  return sum(way, ({ stepSeconds }) => stepSeconds);
}

function last(way: readonly BenchLayer[]): BenchLayer {
  const layer = way.at(-1);
  if (layer === undefined) throw new Error('a way has at least one layer');
  return layer;
}

function sum<T>(all: readonly T[], of: (one: T) => number): number {
  return all.reduce((total, one) => total + of(one), 0);
}
