import { CloudFailure, type Cloud } from '../build/cloud.js';
import type { Leftover } from '../build/outcome.js';
import type { Found } from '../images/decide-sweep.js';
import { chunk } from '../lib/chunk.js';

/** Few enough to be asked again one by one within EC2's request quota (TerminateInstances: 100 at once, 5 a second). */
const INSTANCES_PER_REQUEST = 50;

/** Terminates instances, deregisters images with their snapshots. One that cannot be ended does not stop the others. */
export async function endFound(found: readonly Found[], cloud: Cloud): Promise<readonly Leftover[]> {
  const leftovers: Leftover[] = [];
  const instanceIds = found.flatMap((one) => (one.kind === 'instance' ? [one.instance.instanceId] : []));
  for (const ids of chunk(instanceIds, INSTANCES_PER_REQUEST)) leftovers.push(...(await endInstances(ids, cloud)));
  for (const one of found) {
    if (one.kind === 'image') leftovers.push(...(await endImage(one.image.imageId, cloud)));
  }
  return leftovers;
}

async function endInstances(ids: readonly string[], cloud: Cloud): Promise<readonly Leftover[]> {
  const left = (id: string, why: string): Leftover => ({ kind: 'instance', id, region: cloud.region, why });
  try {
    // "No such instance" is no proof of an end (EC2 Developer Guide, "Eventual consistency"): it was there a moment ago.
    return (await cloud.terminate(ids)).map((id) => left(id, 'EC2 says that it does not know it'));
  } catch (error) {
    if (!(error instanceof CloudFailure)) throw error;
    if (ids.length === 1) return ids.map((id) => left(id, wordsOf(error)));
    // One that may not be ended fails the request for all others (TerminateInstances, EC2 API reference).
    return (await Promise.all(ids.map((id) => endInstances([id], cloud)))).flat();
  }
}

async function endImage(id: string, cloud: Cloud): Promise<readonly Leftover[]> {
  const { region } = cloud;
  try {
    const kept = await cloud.deregisterImage(id);
    return kept.map(({ snapshotId, why }) => ({ kind: 'snapshot', id: snapshotId, region, why }));
  } catch (error) {
    if (!(error instanceof CloudFailure)) throw error;
    return [{ kind: 'image', id, region, why: wordsOf(error) }];
  }
}

function wordsOf({ message, fix }: CloudFailure): string {
  return `${message}. Fix: ${fix}`;
}
