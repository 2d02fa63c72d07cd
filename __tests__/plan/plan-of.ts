import type { LayerGraph } from '../../src/graph/layer-graph.js';
import type { PlanItem } from '../../src/plan/build-plan.js';
import { makePlan } from '../../src/plan/make-plan.js';
import { computeHashes } from '../../src/plan/template-hash.js';

/** What would be done for all layers where there is no image yet. */
export function itemsOf(graph: LayerGraph, defaultRegion: string): readonly PlanItem[] {
  const { items } = makePlan({
    graph,
    hashes: computeHashes(graph),
    targets: new Set(graph.order),
    affected: new Map(),
    images: new Map(),
    rebuild: new Set(),
    reuse: 'any',
    defaultRegion,
  });
  return items;
}

/** The same in words: `layer/architecture: action in Region`. */
export function planOf(graph: LayerGraph): readonly string[] {
  return itemsOf(graph, 'us-east-1').map(({ key, action, region }) => `${key}: ${action.kind} in ${region}`);
}
