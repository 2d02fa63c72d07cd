/** How long EC2 and SSM take over each change of state here. All in milliseconds; the defaults keep a demo brisk. */
export interface Delays {
  /** After RunInstances, how long the new id is still unknown to other operations. */
  readonly instanceVisibleMs: number;
  /** `pending` to `running`, on launch and on start. */
  readonly instanceRunningMs: number;
  /** From the end of boot and user data until the agent has registered. */
  readonly agentOnlineMs: number;
  /** `stopping` to `stopped`, on top of what the shutdown itself takes. */
  readonly instanceStoppedMs: number;
  /** `shutting-down` to `terminated`. */
  readonly instanceTerminatedMs: number;
  /** How long a terminated instance is still described. AWS: about an hour. */
  readonly terminatedVisibleMs: number;
  /** After CreateImage, how long the new id is still unknown to other operations. */
  readonly imageVisibleMs: number;
  /** `pending` to `available` (or `failed`). */
  readonly imageAvailableMs: number;
  /** After SendCommand, how long GetCommandInvocation answers InvocationDoesNotExist. */
  readonly invocationVisibleMs: number;
}

/** What EC2 and Systems Manager usually take, for runs with a clock that is fast or moved. */
export const REALISTIC_DELAYS: Delays = {
  instanceVisibleMs: 1_000,
  instanceRunningMs: 60_000,
  agentOnlineMs: 30_000,
  instanceStoppedMs: 30_000,
  instanceTerminatedMs: 30_000,
  terminatedVisibleMs: 3_600_000,
  imageVisibleMs: 1_000,
  imageAvailableMs: 300_000,
  invocationVisibleMs: 1_000,
};

export const DEFAULT_DELAYS: Delays = {
  instanceVisibleMs: 20,
  instanceRunningMs: 200,
  agentOnlineMs: 150,
  instanceStoppedMs: 50,
  instanceTerminatedMs: 50,
  terminatedVisibleMs: 3_600_000,
  imageVisibleMs: 20,
  imageAvailableMs: 300,
  invocationVisibleMs: 20,
};
