import type { Clock } from '../lib/clock.js';
import { groupBy } from '../lib/group-by.js';
import type { Cloud } from './cloud.js';
import type { LayerTraces } from './next-move.js';

/** Layers whose parents are through at the same moment are looked at together. */
const GATHER_MS = 20;

/** Looks at once, without waiting for a tick, at what AWS knows of a layer; all that ask at the same moment share two requests. */
export function createTracesLook(cloud: Cloud, clock: Clock): (templateHash: string) => Promise<LayerTraces> {
  let gathering:
    { readonly hashes: Set<string>; readonly found: Promise<ReadonlyMap<string, LayerTraces>> } | undefined;

  const findGathered = async (hashes: ReadonlySet<string>): Promise<ReadonlyMap<string, LayerTraces>> => {
    await clock.sleep(GATHER_MS);
    gathering = undefined;
    const all = [...hashes];
    const [foundImages, foundInstances] = await Promise.all([cloud.findImages(all), cloud.findInstances(all)]);
    const images = groupBy(foundImages, (one) => one.templateHash);
    const instances = groupBy(foundInstances, (one) => one.templateHash);
    return new Map(all.map((hash) => [hash, { images: images.get(hash) ?? [], instances: instances.get(hash) ?? [] }]));
  };

  return async (templateHash) => {
    if (gathering === undefined) {
      const hashes = new Set<string>();
      gathering = { hashes, found: findGathered(hashes) };
    }
    gathering.hashes.add(templateHash);
    return (await gathering.found).get(templateHash) ?? { images: [], instances: [] };
  };
}
