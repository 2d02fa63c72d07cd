/** EC2's states of an instance (SDK InstanceStateName). */
export type InstanceState = 'pending' | 'running' | 'shutting-down' | 'terminated' | 'stopping' | 'stopped';

/** A builder or test instance of this tool, as AWS describes it. What is not EC2's own is read from its tags. */
export interface InstanceRecord {
  readonly instanceId: string;
  readonly region: string;
  readonly state: InstanceState;
  /** Milliseconds since the epoch; of the last start, if it was ever stopped. */
  readonly launchedAt: number;
  readonly role: 'builder' | 'test';
  readonly layer: string;
  readonly templateHash: string;
  readonly runId: string;
  /** Milliseconds since the epoch; past it nobody needs the instance. Undefined: the tag does not say. */
  readonly expiresAt: number | undefined;
}
