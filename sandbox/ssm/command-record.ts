/** A command that was sent, with what became of it on each instance. Not kept over a restart of the daemon. */
export interface CommandRecord {
  readonly id: string;
  readonly owner: string;
  readonly region: string;
  readonly documentName: string;
  readonly comment: string;
  readonly parameters: Readonly<Record<string, readonly string[]>>;
  /** How long it may take to reach the agent. */
  readonly deliveryTimeoutSeconds: number;
  readonly executionTimeoutSeconds: number;
  readonly requestedAt: number;
  readonly invocations: ReadonlyMap<string, Invocation>;
}

export interface Invocation {
  readonly instanceId: string;
  state: InvocationState;
  /** Set by CancelCommand. */
  isCancelled: boolean;
  /** Kept over a reboot that the script asked for with 194. */
  stdout: string;
  stderr: string;
}

/**
 * `interrupted`: the machine went down under it, or the agent ended. The service does not know, and goes on calling it
 * InProgress, until an agent is there again and reports it as failed, or the command's time is up.
 */
export type InvocationState =
  | { readonly kind: 'pending' }
  | { readonly kind: 'running'; readonly startedAt: number; readonly preempt: (why: Preemption) => void }
  | { readonly kind: 'rebooting'; readonly startedAt: number }
  | { readonly kind: 'interrupted'; readonly startedAt: number; readonly why: string }
  | {
      readonly kind: 'ended';
      readonly result: InvocationResult;
      /** −1: the script never started, or was killed by a signal. */
      readonly responseCode: number;
      readonly startedAt: number | undefined;
      readonly endedAt: number;
    };

/** Why a script's end is not waited for. All but a restart of the agent kill its process group. */
export type Preemption = 'cancelled' | 'timed-out' | 'agent-restarted';

export type InvocationResult = 'success' | 'failed' | 'cancelled' | 'execution-timed-out' | 'delivery-timed-out';

/** What Systems Manager calls each state: `Status` and the finer `StatusDetails` (SSMUG:monitor-commands). */
export function statusOf({ state, isCancelled }: Invocation): { readonly status: Status; readonly details: string } {
  switch (state.kind) {
    case 'pending':
      return { status: 'Pending', details: 'Pending' };
    case 'running':
      return isCancelled ? { status: 'Cancelling', details: 'Cancelling' } : IN_PROGRESS;
    case 'rebooting':
    case 'interrupted':
      return IN_PROGRESS;
    case 'ended':
      return RESULTS[state.result];
  }
}

export type Status = 'Pending' | 'InProgress' | 'Cancelling' | 'Success' | 'Failed' | 'Cancelled' | 'TimedOut';

const IN_PROGRESS = { status: 'InProgress', details: 'InProgress' } as const;

const RESULTS = {
  success: { status: 'Success', details: 'Success' },
  failed: { status: 'Failed', details: 'Failed' },
  cancelled: { status: 'Cancelled', details: 'Cancelled' },
  'execution-timed-out': { status: 'TimedOut', details: 'ExecutionTimedOut' },
  'delivery-timed-out': { status: 'TimedOut', details: 'DeliveryTimedOut' },
} as const satisfies Record<InvocationResult, { readonly status: Status; readonly details: string }>;
