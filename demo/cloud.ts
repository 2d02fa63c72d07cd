import type { Control, LeftoverReport, StoredImage } from '../sandbox/control.js';
import type { JournalEntry } from '../sandbox/journal.js';
import { TAG_PREFIX } from '../src/images/tags.js';

/** What the sandbox has, in the demo's words. */
export interface Cloud {
  /** The images this tool made, the oldest first. */
  readonly images: readonly CloudImage[];
  /** Every instance there ever was. */
  readonly instances: readonly CloudInstance[];
  /** AWS calls that succeeded, by operation. */
  readonly calls: ReadonlyMap<string, number>;
  /** What still runs or is half made, one line each. */
  readonly leftovers: readonly string[];
}

export interface CloudImage {
  readonly imageId: string;
  readonly layer: string;
  /** The tag: `validated`, `rejected`, … */
  readonly state: string;
  readonly latest: boolean;
  readonly parentLayer: string | undefined;
  /** The image its builder was launched from. */
  readonly launchedFrom: string;
  /** What this layer added, and all of it with what is below. */
  readonly deltaBytes: number;
  readonly fullBytes: number;
}

export interface CloudInstance {
  /** Milliseconds since the epoch; `endedAt` undefined while it lives. */
  readonly launchedAt: number;
  readonly endedAt: number | undefined;
}

/** A sandbox without a past. */
export const EMPTY_CLOUD: Cloud = { images: [], instances: [], calls: new Map(), leftovers: [] };

export async function readCloud(control: Control): Promise<Cloud> {
  const [stored, instances, leftovers, journal] = await Promise.all([
    control.storage(),
    control.instances(),
    control.leftovers(),
    readJournal(control),
  ]);
  const images = stored.toSorted((a, b) => tagOf(a, 'created').localeCompare(tagOf(b, 'created'))).map(imageOf);
  return { images, instances, calls: countSuccesses(journal), leftovers: leftoverLines(leftovers) };
}

function imageOf(stored: StoredImage): CloudImage {
  return {
    imageId: stored.imageId,
    layer: tagOf(stored, 'layer'),
    state: tagOf(stored, 'state'),
    latest: tagOf(stored, 'latest') === 'true',
    parentLayer: tagOf(stored, 'parent-layer') || undefined,
    launchedFrom: tagOf(stored, 'base-ami'),
    deltaBytes: stored.deltaBytes,
    fullBytes: stored.fullBytes,
  };
}

function tagOf({ tags }: StoredImage, key: string): string {
  return tags[`${TAG_PREFIX}${key}`] ?? '';
}

async function readJournal(control: Control): Promise<readonly JournalEntry[]> {
  const entries: JournalEntry[] = [];
  for (;;) {
    const page = await control.journal(entries.at(-1)?.sequence);
    if (page.length === 0) return entries;
    entries.push(...page);
  }
}

function countSuccesses(journal: readonly JournalEntry[]): ReadonlyMap<string, number> {
  const calls = new Map<string, number>();
  for (const { operation, result } of journal) {
    if (result === 'OK') calls.set(operation, (calls.get(operation) ?? 0) + 1);
  }
  return calls;
}

function leftoverLines({ instances, images }: LeftoverReport): readonly string[] {
  return [...instances, ...images].map(({ id, state }) => `${id} ${state}`);
}
