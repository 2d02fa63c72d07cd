import type { Cloud } from '../build/cloud.js';
import { baseImageCalls } from './base-images.js';
import { createClients, type ApiCalls, type ClientOptions } from './clients.js';
import { commandCalls } from './commands.js';
import { imageCalls } from './images.js';
import { costCalls } from './costs.js';
import { imageDescriber } from './describe-image.js';
import { instanceCalls } from './instances.js';

export type { ApiCalls } from './clients.js';

/** AWS in one Region. `calls` is counted up with every request that is sent. */
export function createCloud(region: string, calls: ApiCalls, options: ClientOptions = {}): Cloud {
  const clients = createClients(region, calls, options);
  const describe = imageDescriber(clients);
  return {
    region,
    ...instanceCalls(clients, region, describe),
    ...imageCalls(clients, region),
    ...commandCalls(clients),
    ...baseImageCalls(clients, region, describe),
    ...costCalls(clients, region, { calls, describe }),
  };
}
