import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { removeFromStore } from '../machine/layers.js';
import { INDEX_KEYS } from '../state-index.js';
import type { World } from '../world.js';

/** The directory of frozen layers, relative to the store. */
export const LAYERS = 'layers';

/**
 * Removes those of the given layers that no snapshot and no instance stands on. A snapshot names all layers below its own,
 * so deleting a parent's never takes what a child needs (`EBS:ebs-deleting-snapshot`).
 */
export async function removeUnusedLayers(world: World, layers: readonly string[]): Promise<void> {
  for (const layer of layers) {
    if (isUsed(world, layer)) continue;
    delete world.state.layerSizes[layer];
    world.changed('layerSizes', layer);
    await removeFromStore(world.store.path, layer);
  }
}

/** Every frozen layer in the store, needed or not. */
export async function listLayers(storePath: string): Promise<readonly string[]> {
  const names = await readdir(path.join(storePath, LAYERS)).catch(() => []);
  return names.map((name) => `${LAYERS}/${name}`);
}

function isUsed(world: World, layer: string): boolean {
  if (world.index.snapshots.idsOf(INDEX_KEYS.layer(layer)).length > 0) return true;
  return Object.values(world.state.instances).some(
    ({ layers, state }) => state !== 'terminated' && layers.includes(layer),
  );
}
