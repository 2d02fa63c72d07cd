import type { LayerGraph } from '../../src/graph/layer-graph.js';
import { makePlan } from '../../src/plan/make-plan.js';
import { computeHashes } from '../../src/plan/template-hash.js';

/** What would be done for all layers where there is no image yet: `layer/architecture: action in Region`. */
export function planOf(graph: LayerGraph): readonly string[] {
  const { items } = makePlan({
    graph,
    hashes: computeHashes(graph),
    targets: new Set(graph.order),
    affected: new Map(),
    images: new Map(),
    rebuild: new Set(),
    trustedOnly: false,
    defaultRegion: 'us-east-1',
  });
  return items.map(({ key, action, region }) => `${key}: ${action.kind} in ${region}`);
}
