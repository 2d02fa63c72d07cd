import type { RunIdentity } from '../run-identity.js';
import type { InstanceRecord } from './instance-record.js';

/** Who asks, and when: what a claim is judged by. */
export interface Observer {
  readonly run: Pick<RunIdentity, 'id' | 'attempt' | 'token' | 'trust'>;
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** A run that has said nothing for longer is taken for dead. */
  readonly staleAfterMs: number;
}

/** Less would take builders from runs that a throttled request keeps silent. */
export const LEAST_TAKEOVER_MS = 30_000;

/** Whether an instance is there at all: not terminated, nor on its way. */
export function isLive({ state }: InstanceRecord): boolean {
  return state !== 'terminated' && state !== 'shutting-down';
}

/**
 * Whether another run holds a layer with this instance. An earlier attempt of the same run is over by definition: GitHub
 * starts the next only then.
 */
export function isHeldByOther(instance: InstanceRecord, { run, now, staleAfterMs }: Observer): boolean {
  const { runToken, runId, runAttempt, heartbeatAt } = instance;
  if (!isLive(instance) || runToken === run.token) return false;
  if (runId === run.id && runAttempt < run.attempt) return false;
  return heartbeatAt !== undefined && now - heartbeatAt <= staleAfterMs;
}

/** Who of all claims to one layer has it: the one whose instance was launched first. */
export function oldestFirst(a: InstanceRecord, b: InstanceRecord): number {
  return a.launchedAt - b.launchedAt || (a.instanceId < b.instanceId ? -1 : 1);
}

/** The claim of another run that comes before mine, if there is one. */
export function findRival(
  instances: readonly InstanceRecord[],
  instanceId: string,
  observer: Observer,
): InstanceRecord | undefined {
  const mine = instances.filter((one) => isLive(one) && one.runToken === observer.run.token).sort(oldestFirst);
  const [first] = mine;
  if (first === undefined || !mine.some((one) => one.instanceId === instanceId)) return undefined;
  return instances.find((one) => isHeldByOther(one, observer) && oldestFirst(one, first) < 0);
}
