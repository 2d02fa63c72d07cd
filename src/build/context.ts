import type { Clock } from '../lib/clock.js';
import type { UndoStack } from '../lib/undo-stack.js';
import type { History } from '../plan/history.js';
import type { RunIdentity } from '../run-identity.js';
import type { Workspace } from '../workspace/workspace.js';
import type { Bill } from './bill.js';
import type { Cloud } from './cloud.js';
import type { OnBuildEvent } from './events.js';
import type { LayerTraces } from './next-move.js';
import type { Leftover } from './outcome.js';
import type { Fleet } from './fleet.js';
import type { Watch } from './watch.js';

/** Where builders and test instances run. */
export interface Placement {
  /** Name or ARN; undefined: the account's Default Host Management Configuration lets the agent in. */
  readonly instanceProfile: string | undefined;
  /** Tried in order when a type has no capacity; empty: the default VPC's choice. */
  readonly subnetIds: readonly string[];
  readonly securityGroupIds: readonly string[];
  /** Overrides the templates' `builder.instance_types`. */
  readonly instanceType: string | undefined;
  /** Whether builders run on Spot; `auto`: as the templates say. */
  readonly spot: 'auto' | 'always' | 'never';
}

/** `keep`: what a later run can take over goes on without this one. */
export type OnCancel = 'terminate' | 'keep';

/** How long each wait may last, in milliseconds. */
export interface Budgets {
  readonly runningTimeoutMs: number;
  readonly agentTimeoutMs: number;
  /** For steps without `timeout_minutes`. */
  readonly stepTimeoutMs: number;
  /** Until the runner on an instance says its first word. */
  readonly deliverTimeoutMs: number;
  readonly sealTimeoutMs: number;
  readonly stopTimeoutMs: number;
  readonly imageTimeoutMs: number;
  readonly checksTimeoutMs: number;
}

const MINUTE = 60_000;

/**
 * An agent comes online 30 s to several minutes after the launch; stopping a metal instance took 19 minutes in one
 * report; AWS says an image can take up to 24 hours (EC2 User Guide, "Create an EBS-backed AMI").
 */
export const DEFAULT_BUDGETS: Budgets = {
  runningTimeoutMs: 10 * MINUTE,
  agentTimeoutMs: 15 * MINUTE,
  // As long as the agent runs a command at all. What ends a long step is the builder's own timer.
  stepTimeoutMs: 48 * 60 * MINUTE,
  deliverTimeoutMs: 20 * MINUTE,
  sealTimeoutMs: 15 * MINUTE,
  stopTimeoutMs: 30 * MINUTE,
  imageTimeoutMs: 24 * 60 * MINUTE,
  checksTimeoutMs: 60 * MINUTE,
};

/** What the work on one layer is given. */
export interface BuildContext {
  readonly cloud: Cloud;
  readonly watch: Watch;
  /** Looks at once at what there is of a layer, by template hash. */
  readonly lookAt: (templateHash: string) => Promise<LayerTraces>;
  readonly fleet: Fleet;
  /** A run whose heartbeat is older is taken for dead, and its builders are taken over. Milliseconds. */
  readonly staleAfterMs: number;
  /** Whether builders go on when this run is cancelled. */
  readonly onCancel: OnCancel;
  readonly workspace: Workspace;
  readonly clock: Clock;
  readonly run: RunIdentity;
  readonly placement: Placement;
  readonly budgets: Budgets;
  /** How long things took in earlier runs. */
  readonly history: History;
  /** What the run's instances and images cost. */
  readonly bill: Bill;
  readonly emit: OnBuildEvent;
  readonly signal: AbortSignal;
  /** Undone, last first, when the work on the layer ends, however it ends. */
  readonly undo: UndoStack<Leftover>;
}
