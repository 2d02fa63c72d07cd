import { mayRelyOn, type Reuse, type Trust } from '../images/trust.js';
import type { Cloud } from './cloud.js';

/** AWS as the resources of one scope: those of others are not there, whatever is asked. */
export function withinScope(cloud: Cloud, scope: string): Cloud {
  return visibleOnly(cloud, (one) => one.scope === scope);
}

/** AWS as a run may rely on it; what it may not rely on is not there. */
export function reliableOnly(cloud: Cloud, reuse: Reuse): Cloud {
  const isReliable = (one: Pick<Traced, 'trust'>): boolean => mayRelyOn({ reuse }, one);
  return {
    ...visibleOnly(cloud, isReliable),
    resolveBase: (reference, architecture) => cloud.resolveBase(reference, architecture, isReliable),
  };
}

interface Traced {
  readonly scope: string;
  readonly trust: Trust;
}

/** Every call that tells of images or instances of this tool is here; the others take ids that one of these has told. */
function visibleOnly(cloud: Cloud, isVisible: (one: Traced) => boolean): Cloud {
  return {
    ...cloud,
    findImages: async (hashes) => (await cloud.findImages(hashes)).filter(isVisible),
    listImages: async (options) => (await cloud.listImages(options)).filter(isVisible),
    findInstances: async (hashes) => (await cloud.findInstances(hashes)).filter(isVisible),
    listInstances: async (options) => (await cloud.listInstances(options)).filter(isVisible),
    findNamed: async (name) => {
      const named = await cloud.findNamed(name);
      return named?.image === undefined || isVisible(named.image) ? named : { image: undefined };
    },
  };
}
