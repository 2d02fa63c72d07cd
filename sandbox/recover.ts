import { existsSync } from 'node:fs';
import path from 'node:path';
import { leaveVolumes, snapshotsOf } from './ec2/further-volumes.js';
import { instanceDirectory } from './ec2/running-instance.js';
import { listLayers, removeUnusedLayers } from './ec2/layer-references.js';
import { measureLayer, removeFromStore } from './machine/layers.js';
import type { World } from './world.js';

/**
 * After a daemon's death: what ran is gone, as on a host that was lost; images whose layer is there are finished.
 */
export async function recover(world: World): Promise<void> {
  const { state, store, now, changed } = world;
  for (const instance of Object.values(state.instances)) {
    if (instance.state === 'terminated' || instance.state === 'stopped') continue;
    instance.state = 'terminated';
    instance.endedAt = now();
    leaveVolumes(world, instance);
    instance.transitionReason = 'Server.InternalError';
    instance.stateReason = { code: 'Server.InternalError', message: 'Server.InternalError: the sandbox was restarted' };
    changed('instances', instance.id);
    await removeFromStore(store.path, instanceDirectory(instance.id));
  }
  for (const image of Object.values(state.images)) {
    const snapshot = state.snapshots[image.snapshotId];
    const layer = snapshot?.layers[0];
    if (image.state !== 'pending' || snapshot === undefined || layer === undefined) continue;
    const isFrozen = existsSync(path.join(store.path, layer));
    if (isFrozen) state.layerSizes[layer] = await measureLayer(store.path, layer);
    image.state = isFrozen ? 'available' : 'failed';
    image.stateReason = isFrozen ? undefined : 'Server.InternalError: the sandbox was restarted';
    for (const one of snapshotsOf(world, image)) {
      one.state = isFrozen ? 'completed' : 'error';
      changed('snapshots', one.id);
    }
    if (isFrozen) changed('layerSizes', layer);
    changed('images', image.id);
  }
  await removeUnusedLayers(world, await listLayers(world.store.path));
}
