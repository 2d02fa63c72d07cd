import type { Poller, Watched } from '../lib/batch-poll.js';
import type { AgentView, Cloud, CommandId, CommandView, ImageView, InstanceView, NamedImage } from './cloud.js';

/** Everything of one Region that can be waited for. */
export interface Watch {
  readonly instances: Watched<string, InstanceView>;
  readonly agents: Watched<string, AgentView>;
  readonly images: Watched<string, ImageView>;
  readonly imagesByName: Watched<string, NamedImage>;
  readonly commands: Watched<CommandId, CommandView>;
}

export function watchCloud(poller: Poller, cloud: Cloud): Watch {
  return {
    instances: poller.watch(cloud.instances),
    agents: poller.watch(cloud.agents),
    images: poller.watch(cloud.images),
    imagesByName: poller.watch(cloud.imagesByName),
    commands: poller.watch(cloud.commands),
  };
}
