import type { Bill } from '../build/bill.js';
import type { Cloud } from '../build/cloud.js';
import { DEFAULT_BUDGETS, type Budgets } from '../build/context.js';
import type { RegionContext } from '../build/execute-plan.js';
import { createFleet } from '../build/fleet.js';
import { createTracesLook } from '../build/traces.js';
import { reliableOnly } from '../build/visible-cloud.js';
import { watchCloud } from '../build/watch.js';
import type { Poller } from '../lib/batch-poll.js';
import type { History } from '../plan/history.js';
import type { BuildOptions } from './options.js';
import type { Ports } from './ports.js';

export interface RegionParts {
  readonly region: string;
  readonly poller: Poller;
  /** Aborted when the run ends early, whoever ends it. */
  readonly signal: AbortSignal;
  readonly options: BuildOptions;
  readonly ports: Ports;
  readonly budgets?: Budgets;
  readonly history: History;
  readonly bill: Bill;
}

/** A run may miss some before it is taken for dead: a throttled request, a runner that was asleep. */
const HEARTBEATS_PER_TAKEOVER = 6;

/** What the work on every layer of one Region is given. */
export function regionContext({
  region,
  poller,
  signal,
  options,
  ports,
  budgets,
  history,
  bill,
}: RegionParts): RegionContext {
  const { clock, run, workspace } = ports;
  const { placement, takeoverAfterMs, onCancel } = options;
  const asked = reliableOnly(ports.cloudIn(region), options.reuse);
  const cloud: Cloud = {
    ...asked,
    resolveBase: async (reference, architecture) => {
      const base = await asked.resolveBase(reference, architecture);
      bill.resolved({ reference, architecture, region, imageId: base.imageId });
      return base;
    },
  };
  return {
    cloud,
    watch: watchCloud(poller, cloud, clock),
    lookAt: createTracesLook(cloud, clock),
    fleet: createFleet({ cloud, clock, heartbeatIntervalMs: takeoverAfterMs / HEARTBEATS_PER_TAKEOVER }),
    staleAfterMs: takeoverAfterMs,
    onCancel,
    workspace,
    clock,
    run,
    signal,
    placement,
    budgets: budgets ?? DEFAULT_BUDGETS,
    history,
    bill,
    emit: ports.onEvent,
  };
}
