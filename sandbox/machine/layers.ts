import { mkdirSync, renameSync } from 'node:fs';
import { lstat, mkdir, readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { runTool } from './run-tool.js';

/** How big a layer is on disk. */
export interface LayerSize {
  /** Allocated blocks, in bytes. */
  readonly allocatedBytes: number;
  /** Sum of the files' lengths, in bytes. */
  readonly apparentBytes: number;
}

/**
 * Makes an instance's writable layer an immutable one of that name. The instance must be off; it is left without one.
 * Synchronous, so that no start can come between.
 */
export function freezeLayer(storePath: string, instanceDirectory: string, layer: string): void {
  mkdirSync(path.join(storePath, path.dirname(layer)), { recursive: true });
  mkdirSync(path.join(storePath, instanceDirectory, 'upper'), { recursive: true });
  renameSync(path.join(storePath, instanceDirectory, 'upper'), path.join(storePath, layer));
}

/** The same from a running instance: a copy, consistent only as after a power cut (CreateImage with NoReboot). */
export async function copyLayer(storePath: string, instanceDirectory: string, layer: string): Promise<void> {
  await mkdir(path.join(storePath, path.dirname(layer)), { recursive: true });
  await runTool('cp', ['-a', '--reflink=auto', `${instanceDirectory}/upper`, layer], { cwd: storePath });
}

export async function removeFromStore(storePath: string, relative: string): Promise<void> {
  await rm(path.join(storePath, relative), { recursive: true, force: true });
}

export async function measureLayer(storePath: string, layer: string): Promise<LayerSize> {
  const seen = new Set<number>();
  const sum = { allocatedBytes: 0, apparentBytes: 0 };
  await addSize(path.join(storePath, layer), seen, sum);
  return sum;
}

async function addSize(
  entry: string,
  seen: Set<number>,
  sum: { allocatedBytes: number; apparentBytes: number },
): Promise<void> {
  const stats = await lstat(entry);
  if (seen.has(stats.ino)) return;
  seen.add(stats.ino);
  sum.allocatedBytes += stats.blocks * 512;
  if (!stats.isDirectory()) {
    sum.apparentBytes += stats.size;
    return;
  }
  for (const name of await readdir(entry)) await addSize(path.join(entry, name), seen, sum);
}
