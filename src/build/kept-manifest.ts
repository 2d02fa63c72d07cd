import { gunzipSync } from 'node:zlib';
import type { ImageRecord } from '../images/image-record.js';
import { manifestPlaceOf } from '../images/tags.js';
import type { Cloud } from './cloud.js';
import { shownManifest } from './on-instance/manifest.js';

/** Systems Manager keeps commands and their answers for 30 days (Systems Manager User Guide, Run Command). */
const KEPT_MS = 30 * 24 * 60 * 60_000;

/** A text that unpacks to more was not written by this tool. */
const LONGEST_BYTES = 16 * 1024 * 1024;

/**
 * The manifest of an image as its test instance told it, without an instance of its own; undefined when that is too long
 * ago, or the manifest too long for an answer.
 */
export async function keptManifest(image: ImageRecord, cloud: Cloud, now: number): Promise<string | undefined> {
  const place = manifestPlaceOf(image);
  if (place === undefined || now - Date.parse(image.created) > KEPT_MS) return undefined;
  const end = await cloud.commandEnd(place.commandId, place.instanceId);
  const packed = shownManifest(end?.output ?? '');
  if (packed === undefined) return undefined;
  try {
    return gunzipSync(packed, { maxOutputLength: LONGEST_BYTES }).toString();
  } catch {
    return undefined;
  }
}
