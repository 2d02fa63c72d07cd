import { createHash } from 'node:crypto';
import { lstat, readdir } from 'node:fs/promises';
import path from 'node:path';
import type { SnapshotRecord } from '../state.js';
import type { World } from '../world.js';

/** `EBS:readsnapshots` */
export const BLOCK_BYTES = 524_288;
const GIB_BLOCKS = 2048;

/**
 * Where a layer's files would lie on a volume of blocks. There is no volume, so a place is made up, the same one each time:
 * a file of a block or more has its own, by its path; the small ones of a directory lie together, by the directory's. So a
 * file that changes is written to the blocks that it had before, and as many blocks change as the true files fill.
 */
export async function changedBlocks(
  world: World,
  first: SnapshotRecord,
  second: SnapshotRecord,
): Promise<readonly number[]> {
  const added = second.layers.slice(0, second.layers.length - first.layers.length);
  return sorted(await layerBlocks(world, added, second.volumeGb));
}

/** Every block that was ever written: those of all layers, and the operating system's from the start of the volume. */
export async function allBlocks(world: World, snapshot: SnapshotRecord): Promise<readonly number[]> {
  const blocks = await layerBlocks(world, snapshot.layers, snapshot.volumeGb);
  const most = snapshot.volumeGb * GIB_BLOCKS;
  const base = Math.min(Math.ceil((world.state.baseBytes ?? 0) / BLOCK_BYTES), most);
  for (let index = 0; index < base; index += 1) blocks.add(index);
  return sorted(blocks);
}

async function layerBlocks(world: World, layers: readonly string[], volumeGb: number): Promise<Set<number>> {
  const most = volumeGb * GIB_BLOCKS;
  const blocks = new Set<number>();
  for (const layer of layers) {
    for (const { name, bytes } of await extentsOf(path.join(world.store.path, layer), '/')) {
      const start = createHash('sha256').update(name).digest().readUInt32BE() % most;
      for (let offset = 0; offset < Math.ceil(bytes / BLOCK_BYTES); offset += 1) blocks.add((start + offset) % most);
    }
  }
  return blocks;
}

interface Extent {
  readonly name: string;
  /** Allocated. */
  readonly bytes: number;
}

async function extentsOf(directory: string, name: string): Promise<readonly Extent[]> {
  const extents: Extent[] = [];
  let together = (await lstat(directory)).blocks * 512;
  for (const entry of await readdir(directory)) {
    const inside = path.join(directory, entry);
    const stats = await lstat(inside);
    const bytes = stats.blocks * 512;
    if (stats.isDirectory()) extents.push(...(await extentsOf(inside, path.join(name, entry))));
    else if (bytes >= BLOCK_BYTES) extents.push({ name: path.join(name, entry), bytes });
    else together += bytes;
  }
  return [...extents, { name, bytes: together }];
}

function sorted(blocks: ReadonlySet<number>): readonly number[] {
  return [...blocks].sort((a, b) => a - b);
}
