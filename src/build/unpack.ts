import { gunzipSync } from 'node:zlib';

/** What an instance packed, as long as it unpacks to no more than that; else undefined. An instance may send anything. */
export function unpack(packed: Uint8Array, mostBytes: number): Buffer | undefined {
  try {
    return gunzipSync(packed, { maxOutputLength: mostBytes });
  } catch {
    return undefined;
  }
}
