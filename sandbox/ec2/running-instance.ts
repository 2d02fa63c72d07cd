import type { Timer } from '../clock.js';
import type { Machine } from '../machine/boot.js';
import type { MetadataServer } from './metadata-server.js';
import type { CommandRecord } from '../ssm/command-record.js';

/** What becomes of an instance once its machine is off. `hang`: nothing ever answers, and EC2 calls it running. */
export type Next = 'reboot' | 'hang' | 'stop' | 'terminate';

/** An instance whose machine is on, or on its way up or down. */
export interface RunningInstance {
  /** Undefined until it has booted. */
  machine: Machine | undefined;
  /** What follows once the machine is off; defined means that it is going down. */
  next: Next | undefined;
  /** Work for the moment between off and the next boot. */
  readonly whileOff: (() => void)[];
  /** From the end of boot and user data until the agent registers. */
  readonly agentDelayMs: number | 'never';
  /** Gives the agent a command; undefined while the agent is not there. */
  deliver: ((command: CommandRecord) => void) | undefined;
  /** Undefined while there is no agent, or it is about to start. */
  restartAgent: (() => void) | undefined;
  shutdownTimer: Timer | undefined;
  /** Undefined where none can be had. */
  metadata: MetadataServer | undefined;
  /** Settles when the machine is off for good. */
  ended: Promise<void>;
}

/** The instance's own directory in the store, relative. */
export function instanceDirectory(id: string): string {
  return `instances/${id}`;
}
