import type { FailureCache } from '../github/failure-cache.js';
import { chunk } from '../lib/chunk.js';
import type { BuildPlan, PlanItem, VariantKey } from '../plan/build-plan.js';
import { parseFailureFile, type FailedLayer } from '../report/failure-file.js';

/** Each is a request of its own; with more, something has failed that is nobody's layer. */
const MOST_ASKED = 32;

/** Each is a process of its own. */
const AT_ONCE = 4;

/** The layers of a plan that have failed in other jobs of this attempt, as far as those could tell. */
export async function findFailed(
  plan: BuildPlan,
  cache: Pick<FailureCache, 'isAnyTold' | 'find'>,
): Promise<ReadonlyMap<VariantKey, FailedLayer>> {
  const failed = new Map<VariantKey, FailedLayer>();
  const asked = couldBeBuilt(plan).slice(0, MOST_ASKED);
  if (asked.length === 0 || !(await cache.isAnyTold())) return failed;
  for (const together of chunk(asked, AT_ONCE)) {
    await Promise.all(
      together.map(async ({ key }) => {
        const text = await cache.find(key);
        const layer = text === undefined ? undefined : parseFailureFile(text, plan);
        if (layer !== undefined) failed.set(key, layer);
      }),
    );
  }
  return failed;
}

/** The others wait for a parent, so that it is not they who failed. */
function couldBeBuilt({ items }: BuildPlan): readonly PlanItem[] {
  const reused = new Set(items.filter(({ action }) => action.kind === 'reuse').map(({ key }) => key));
  return items.filter(({ key, parent }) => !reused.has(key) && (parent === undefined || reused.has(parent)));
}
