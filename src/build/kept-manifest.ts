import type { ImageRecord } from '../images/image-record.js';
import { manifestPlaceOf } from '../images/tags.js';
import type { Cloud } from './cloud.js';
import { shownManifest } from './on-instance/manifest.js';
import { unpack } from './unpack.js';

/** Systems Manager keeps commands and their answers for 30 days (Systems Manager User Guide, Run Command). */
const KEPT_MS = 30 * 24 * 60 * 60_000;

/** A manifest that unpacks to more was not written by this tool. */
export const LONGEST_BYTES = 16 * 1024 * 1024;

/** The text, or why there is none. */
export type KeptManifest =
  { readonly kind: 'kept'; readonly text: string } | { readonly kind: 'too-old' | 'too-long' | 'not-told' };

/** The manifest of an image as its test instance told it, without an instance of its own. */
export async function keptManifest(image: ImageRecord, cloud: Cloud, now: number): Promise<KeptManifest> {
  const place = manifestPlaceOf(image);
  if (place === undefined) return { kind: 'not-told' };
  if (now - Date.parse(image.created) > KEPT_MS) return { kind: 'too-old' };
  const end = await cloud.commandEnd(place.commandId, place.instanceId);
  const shown = shownManifest(end?.output ?? '');
  if (shown === undefined || shown === 'cut') return { kind: shown === 'cut' ? 'too-long' : 'not-told' };
  const text = unpack(shown, LONGEST_BYTES)?.toString();
  return text === undefined ? { kind: 'not-told' } : { kind: 'kept', text };
}
