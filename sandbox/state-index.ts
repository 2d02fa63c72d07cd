import { makeRecordIndex, type RecordIndex } from './record-index.js';
import type { ImageRecord, SandboxState, SnapshotRecord } from './state.js';
import type { StatePart } from './state-log.js';

/** What images and snapshots can be found by; there may be thousands of each. */
export interface StateIndex {
  readonly images: RecordIndex;
  readonly snapshots: RecordIndex;
}

/** Keys to look under. Parts are separated by a character that no AWS name has. */
export const INDEX_KEYS = {
  id: (id: string) => `id\0${id}`,
  region: (region: string) => `region\0${region}`,
  tag: (region: string, key: string, value: string) => `tag\0${region}\0${key}\0${value}`,
  tagKey: (region: string, key: string) => `tag-key\0${region}\0${key}`,
  name: (region: string, name: string) => `name\0${region}\0${name}`,
  /** Images of a snapshot. */
  snapshot: (id: string) => `snapshot\0${id}`,
  /** Snapshots that stand on a layer. */
  layer: (name: string) => `layer\0${name}`,
} as const;

/** The index of all there is, and how to keep it right: call `update` with each record that was changed or removed. */
export function makeStateIndex(state: SandboxState): StateIndex & {
  readonly update: (part: StatePart, key: string | undefined) => void;
} {
  const images = makeRecordIndex();
  const snapshots = makeRecordIndex();
  const update = (part: StatePart, key: string | undefined): void => {
    if (key === undefined) return;
    const image = part === 'images' ? state.images[key] : undefined;
    const snapshot = part === 'snapshots' ? state.snapshots[key] : undefined;
    if (part === 'images') images.file(key, image === undefined ? [] : imageKeys(image));
    if (part === 'snapshots') snapshots.file(key, snapshot === undefined ? [] : snapshotKeys(snapshot));
  };
  for (const id of Object.keys(state.images)) update('images', id);
  for (const id of Object.keys(state.snapshots)) update('snapshots', id);
  return { images, snapshots, update };
}

function imageKeys(image: ImageRecord): readonly string[] {
  const { id, region, name, snapshotId, furtherVolumes, tags } = image;
  return [
    INDEX_KEYS.id(id),
    INDEX_KEYS.region(region),
    INDEX_KEYS.name(region, name),
    INDEX_KEYS.snapshot(snapshotId),
    ...furtherVolumes.map((volume) => INDEX_KEYS.snapshot(volume.snapshotId)),
    ...tagKeys(region, tags),
  ];
}

function snapshotKeys({ id, region, layers, tags }: SnapshotRecord): readonly string[] {
  return [INDEX_KEYS.id(id), INDEX_KEYS.region(region), ...layers.map(INDEX_KEYS.layer), ...tagKeys(region, tags)];
}

function tagKeys(region: string, tags: Readonly<Record<string, string>>): readonly string[] {
  return Object.entries(tags).flatMap(([key, value]) => [
    INDEX_KEYS.tag(region, key, value),
    INDEX_KEYS.tagKey(region, key),
  ]);
}
