import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { removeFromStore } from '../machine/layers.js';
import type { World } from '../world.js';

/** The directory of frozen layers, relative to the store. */
export const LAYERS = 'layers';

/**
 * Removes frozen layers that no snapshot and no instance stands on. A snapshot names all layers below its own, so deleting
 * a parent's never takes what a child needs (`EBS:ebs-deleting-snapshot`).
 */
export async function removeUnusedLayers(world: World): Promise<void> {
  const { snapshots, instances } = world.state;
  const used = new Set<string>();
  for (const { layers } of Object.values(snapshots)) for (const layer of layers) used.add(layer);
  for (const { layers, state } of Object.values(instances)) {
    if (state !== 'terminated') for (const layer of layers) used.add(layer);
  }
  const present = await readdir(path.join(world.store.path, LAYERS)).catch(() => []);
  const unused = present.map((name) => `${LAYERS}/${name}`).filter((layer) => !used.has(layer));
  for (const layer of unused) {
    delete world.state.layerSizes[layer];
    await removeFromStore(world.store.path, layer);
  }
  world.changed();
}
