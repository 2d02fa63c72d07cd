import type { BuildPlan, PlanItem } from '../plan/build-plan.js';
import { plural } from './durations.js';
import { plannedKind } from './rows.js';

/** Jobs that one matrix may have (docs.github.com, Actions limits). */
export const MOST_JOBS = 256;

export interface Matrix {
  /** `strategy.matrix` of a workflow's job, as JSON. */
  readonly json: string;
  readonly warnings: readonly string[];
}

/** What a plan builds: nothing where which images there are was not asked, as for forks. */
export function buildsOf({ items }: BuildPlan): readonly PlanItem[] {
  return items.filter((item) => plannedKind(item) === 'build');
}

/**
 * What a plan builds, one job for each variant. Where they are too many the last ones stay: of what others stand on, a
 * job builds, or follows, whatever it needs itself.
 */
export function makeMatrix(plan: BuildPlan): Matrix {
  const builds = buildsOf(plan);
  const include = builds.slice(-MOST_JOBS).map(({ node, architecture, region }) => ({
    layer: node.layer.name,
    architecture,
    region,
  }));
  const left = builds.length - include.length;
  const warning =
    `the output "matrix" has ${MOST_JOBS} of ${plural(builds.length, 'layer')}, as many as GitHub allows: ` +
    'the first ones are built by the jobs of what stands on them, or by the next run';
  return { json: JSON.stringify({ include }), warnings: left > 0 ? [warning] : [] };
}
