import type { ImageRecord } from '../images/image-record.js';
import type { InstanceRecord } from '../images/instance-record.js';
import type { Poller, Watched } from '../lib/batch-poll.js';
import type { Clock } from '../lib/clock.js';
import { groupBy } from '../lib/group-by.js';
import type { AgentView, Cloud } from './cloud.js';
import { createStepReader, type StepsView } from './step-reader.js';

/** Everything of one Region that can be waited for. One request per kind and tick, whatever is awaited. */
export interface Watch {
  /** By template hash: whoever works on a layer is seen, other runs too. */
  readonly instances: Watched<string, readonly InstanceRecord[]>;
  readonly images: Watched<string, readonly ImageRecord[]>;
  /** By instance id. */
  readonly agents: Watched<string, AgentView>;
  /** By `stepsKey`. */
  readonly steps: Watched<string, StepsView>;
}

export function watchCloud(poller: Poller, cloud: Cloud, clock: Clock): Watch {
  return {
    instances: poller.watch(async (hashes) => groupBy(await cloud.findInstances(hashes), (one) => one.templateHash)),
    images: poller.watch(async (hashes) => groupBy(await cloud.findImages(hashes), (one) => one.templateHash)),
    agents: poller.watch(cloud.agents),
    steps: poller.watch(createStepReader(cloud, clock)),
  };
}
