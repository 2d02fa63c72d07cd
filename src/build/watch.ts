import type { Poller, Watched } from '../lib/batch-poll.js';
import type { Clock } from '../lib/clock.js';
import type { AgentView, Cloud, CommandId, CommandView, ImageView, InstanceView, NamedImage } from './cloud.js';
import { createStepReader, type StepsView } from './step-reader.js';

/** Everything of one Region that can be waited for. */
export interface Watch {
  readonly instances: Watched<string, InstanceView>;
  readonly agents: Watched<string, AgentView>;
  readonly images: Watched<string, ImageView>;
  readonly imagesByName: Watched<string, NamedImage>;
  readonly commands: Watched<CommandId, CommandView>;
  /** By the builder's instance id. */
  readonly steps: Watched<string, StepsView>;
}

export function watchCloud(poller: Poller, cloud: Cloud, clock: Clock): Watch {
  return {
    instances: poller.watch(cloud.instances),
    agents: poller.watch(cloud.agents),
    images: poller.watch(cloud.images),
    imagesByName: poller.watch(cloud.imagesByName),
    commands: poller.watch(cloud.commands),
    steps: poller.watch(createStepReader(cloud, clock)),
  };
}
