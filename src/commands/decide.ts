import type { Cloud } from '../build/cloud.js';
import { nodeOf, withAncestors } from '../graph/walk.js';
import type { LayerGraph } from '../graph/layer-graph.js';
import { groupBy } from '../lib/group-by.js';
import type { BuildPlan, VariantKey } from '../plan/build-plan.js';
import { makePlan } from '../plan/make-plan.js';
import { computeHashes, type VariantHashes } from '../plan/template-hash.js';
import { variantKey } from '../plan/variant.js';
import type { GatheredLayers } from './gather-layers.js';
import type { PlanOptions } from './options.js';

/** Looks up the images of everything that could be needed, and makes the plan. Creates nothing. */
export async function decide(
  gathered: GatheredLayers,
  options: PlanOptions,
  cloudIn: (region: string) => Cloud,
): Promise<BuildPlan> {
  const { graph, targets, affected } = gathered;
  const defaultRegion = options.defaultRegion ?? '';
  const hashes = computeHashes(graph);
  const needed = withAncestors(graph, targets);
  const wanted = hashesByRegion({ graph, hashes, needed, defaultRegion });
  const found = options.offline
    ? undefined
    : await Promise.all([...wanted].map(([region, values]) => cloudIn(region).findImages(values)));
  return makePlan({
    graph,
    hashes,
    targets,
    affected,
    images: found === undefined ? undefined : groupBy(found.flat(), (image) => image.templateHash),
    rebuild: layersToRebuild(options, targets, needed),
    architectures: options.selection.architectures,
    reuse: options.reuse,
    defaultRegion,
  });
}

interface HashQuery {
  readonly graph: LayerGraph;
  readonly hashes: ReadonlyMap<VariantKey, VariantHashes>;
  readonly needed: ReadonlySet<string>;
  readonly defaultRegion: string;
}

function hashesByRegion({ graph, hashes, needed, defaultRegion }: HashQuery): ReadonlyMap<string, readonly string[]> {
  const byRegion = new Map<string, string[]>();
  for (const name of needed) {
    const node = nodeOf(graph, name);
    const region = node.region ?? defaultRegion;
    const values = byRegion.get(region) ?? [];
    for (const architecture of node.architectures) {
      values.push(hashes.get(variantKey(name, architecture))?.templateHash ?? '');
    }
    byRegion.set(region, values);
  }
  return byRegion;
}

function layersToRebuild(
  { rebuild }: PlanOptions,
  targets: ReadonlySet<string>,
  needed: ReadonlySet<string>,
): ReadonlySet<string> {
  switch (rebuild) {
    case 'no':
      return new Set();
    case 'selected':
      return targets;
    case 'ancestors':
      return needed;
  }
}
