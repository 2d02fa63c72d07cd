import type { ImageRecord } from '../images/image-record.js';
import type { PlanItem, VariantKey } from './build-plan.js';
import { variantKey } from './variant.js';

/**
 * How much work hangs on each item: its own and that of the longest chain of builds below it. In seconds where earlier
 * images of the layers say how long they took, else in layers. Items are in topological order, as in a plan.
 */
export function remainingPaths(
  items: readonly PlanItem[],
  earlier: readonly ImageRecord[],
): ReadonlyMap<VariantKey, number> {
  const weightOf = makeWeights(items, earlier);
  const below = new Map<VariantKey, number>();
  const paths = new Map<VariantKey, number>();
  for (const item of items.toReversed()) {
    const path = weightOf(item) + (below.get(item.key) ?? 0);
    paths.set(item.key, path);
    // What only validates an image that is there does not wait for its parent.
    if (item.parent === undefined || item.action.kind !== 'build') continue;
    below.set(item.parent, Math.max(path, below.get(item.parent) ?? 0));
  }
  return paths;
}

/** A layer without an earlier image weighs as much as the one in the middle. */
function makeWeights(items: readonly PlanItem[], earlier: readonly ImageRecord[]): (item: PlanItem) => number {
  const seconds = new Map<VariantKey, number>();
  for (const { layer, architecture, buildSeconds } of earlier) {
    if (buildSeconds !== undefined) seconds.set(variantKey(layer, architecture), buildSeconds);
  }
  const built = items.filter(({ action }) => action.kind === 'build');
  const known = built.flatMap(({ key }) => seconds.get(key) ?? []).sort((a, b) => a - b);
  const usual = known[Math.floor(known.length / 2)] ?? 1;
  return ({ key, action }) => (action.kind === 'build' ? (seconds.get(key) ?? usual) : 0);
}
