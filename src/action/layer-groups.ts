import { randomUUID } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { OnBuildEvent } from '../build/events.js';
import type { Environment } from '../github/event.js';
import { printGroup } from '../github/logs.js';
import type { Clock } from '../lib/clock.js';
import type { BuildPlan } from '../plan/build-plan.js';
import { makeLogLines, makeLogTitle, renderLeftOut } from '../report/log-lines.js';
import { createLayerLogs } from '../workspace/layer-logs.js';
import { warn } from './announce.js';

/** Of a longer log the end is shown. */
const MOST_BYTES = 5 * 1024 * 1024;

/**
 * Prints the whole log of each layer in one group when the layer is through: while it was built, its lines stood among
 * those of others. A plan with only one layer to work on needs none of it.
 */
export function createLayerGroups(plan: BuildPlan, env: Environment, clock: Clock): OnBuildEvent {
  const worked = plan.items.filter(({ action }) => action.kind !== 'reuse');
  if (worked.length < 2) return () => undefined;
  const logs = createLayerLogs(join(env.RUNNER_TEMP ?? tmpdir(), `ami-layers-${randomUUID()}`), (trouble) =>
    warn([trouble]),
  );
  const linesOf = makeLogLines(plan);
  const titleOf = makeLogTitle(plan);
  const open = new Set<string>();
  let toEnd = plan.items.length;
  return (event) => {
    if (event.kind !== 'outcome') open.add(event.key);
    if (open.has(event.key)) logs.add(event.key, linesOf(event, clock.now()));
    if (event.kind !== 'outcome') return;
    if (open.delete(event.key)) {
      const { lines, leftOutBytes } = logs.read(event.key, MOST_BYTES);
      printGroup(titleOf(event), [...renderLeftOut(leftOutBytes), ...lines]);
    }
    toEnd -= 1;
    if (toEnd === 0) logs.remove();
  };
}
