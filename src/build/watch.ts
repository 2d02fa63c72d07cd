import type { ImageRecord } from '../images/image-record.js';
import type { InstanceRecord } from '../images/instance-record.js';
import type { Poller, Watched } from '../lib/batch-poll.js';
import type { Clock } from '../lib/clock.js';
import { groupBy } from '../lib/group-by.js';
import type { AgentView, Cloud } from './cloud.js';
import { createStepReader, LOOK_REQUESTS, type StepsView } from './step-reader.js';

/** Everything of one Region that can be waited for. One look per kind and tick, whatever is awaited. */
export interface Watch {
  /** By template hash: whoever works on a layer is seen, other runs too. */
  readonly instances: Watched<string, readonly InstanceRecord[]>;
  readonly images: Watched<string, readonly ImageRecord[]>;
  /** By instance id. */
  readonly agents: Watched<string, AgentView>;
  /** In percent, by snapshot id. */
  readonly snapshots: Watched<string, number>;
  /** By `stepsKey`. */
  readonly steps: Watched<string, StepsView>;
}

/** Of the interval between two ticks: until the agents' answers are looked for. */
const ANSWERED_AFTER = 1 / 3;

export function watchCloud(poller: Poller, cloud: Cloud, clock: Clock): Watch {
  const load = { service: cloud.region, requests: 1 };
  const stepReader = createStepReader(cloud, clock, poller.intervalMs * ANSWERED_AFTER);
  return {
    instances: poller.watch(
      async (hashes) => groupBy(await cloud.findInstances(hashes), (one) => one.templateHash),
      load,
    ),
    images: poller.watch(async (hashes) => groupBy(await cloud.findImages(hashes), (one) => one.templateHash), load),
    snapshots: poller.watch(cloud.snapshotProgress, load),
    agents: poller.watch(cloud.agents, load),
    steps: poller.watch(stepReader, { ...load, requests: LOOK_REQUESTS }),
  };
}
