import type { Trust } from './trust.js';

/** EC2's states of an instance (SDK InstanceStateName). */
export type InstanceState = 'pending' | 'running' | 'shutting-down' | 'terminated' | 'stopping' | 'stopped';

/** How an instance is paid for; one on Spot may be taken back. */
export type Market = 'on-demand' | 'spot';

/** A builder or test instance of this tool, as AWS describes it. What is not EC2's own is read from its tags. */
export interface InstanceRecord {
  readonly instanceId: string;
  readonly region: string;
  /** What its disk stands on. */
  readonly imageId: string;
  readonly instanceType: string;
  readonly market: Market;
  readonly state: InstanceState;
  /** EC2's reason for the state. */
  readonly stateReason: string | undefined;
  /** Milliseconds since the epoch; of the last start, if it was ever stopped. */
  readonly launchedAt: number;
  readonly role: 'builder' | 'test';
  readonly layer: string;
  readonly templateHash: string;
  /** Whose it is: a run sees what is of its own scope. */
  readonly scope: string;
  /** Of all that is on its disk. A run that takes it over leaves it as it is. */
  readonly trust: Trust;
  readonly runId: string;
  readonly runAttempt: number;
  /** Of the run that works with it now. */
  readonly runToken: string;
  /** Milliseconds since the epoch when its run last said that it is at it; undefined: it was left to the next run. */
  readonly heartbeatAt: number | undefined;
  /** Milliseconds since the epoch; past it nobody needs the instance. Undefined: the tag does not say. */
  readonly expiresAt: number | undefined;
}
