import Table from 'cli-table3';
import type { Cloud } from './cloud.js';

/** What it took, from what the sandbox counted. `durationMs`: of the whole demo. */
export function describeCosts({ images, instances }: Cloud, durationMs: number): string {
  const minutes =
    instances.reduce((sum, { launchedAt, endedAt }) => sum + ((endedAt ?? launchedAt) - launchedAt), 0) / 60_000;
  const delta = images.reduce((sum, { deltaBytes }) => sum + deltaBytes, 0);
  const full = images.reduce((sum, { fullBytes }) => sum + fullBytes, 0);
  const table = new Table({
    head: ['Image', 'Layer', 'State', 'Bytes it adds', 'Bytes in full'],
    colAligns: ['left', 'left', 'left', 'right', 'right'],
    style: { head: [], border: [] },
  });
  for (const { imageId, layer, state, latest, deltaBytes, fullBytes } of images) {
    table.push([imageId, layer, latest ? `${state}, latest` : state, bytes(deltaBytes), bytes(fullBytes)]);
  }
  return [
    table.toString(),
    `${instances.length} instances (builders and test instances), ${minutes.toFixed(2)} instance-minutes`,
    `${images.length} images: ${bytes(delta)} bytes stored as layers, ${bytes(full)} if each were a full copy`,
    `${(durationMs / 1000).toFixed(0)} seconds in total`,
  ].join('\n');
}

function bytes(count: number): string {
  return count.toLocaleString('en-US');
}
