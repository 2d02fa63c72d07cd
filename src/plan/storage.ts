import type { Stored } from '../images/stored.js';

/** What the images of a plan are stored as, together. */
export interface Storage extends Stored {
  /** Images that are counted, and those of which it is not known. */
  readonly images: number;
  readonly unknown: number;
  /** Of the images that this run has made. */
  readonly newBytes: number;
}

export interface StoredImage {
  /** Undefined: the image does not say. */
  readonly stored: Stored | undefined;
  readonly isNew: boolean;
}

/** EBS snapshots, standard tier, us-east-1 (EBS pricing). What AWS calls a GB there is 2^30 bytes. */
const SNAPSHOT_USD_PER_GB_MONTH = 0.05;

/** Undefined where nothing is known of any. */
export function addUp(images: readonly StoredImage[]): Storage | undefined {
  const known = images.flatMap(({ stored, isNew }) => (stored === undefined ? [] : [{ ...stored, isNew }]));
  if (known.length === 0) return undefined;
  const bytesOf = (some: readonly Stored[]): number => some.reduce((sum, { bytes }) => sum + bytes, 0);
  return {
    images: known.length,
    unknown: images.length - known.length,
    bytes: bytesOf(known),
    newBytes: bytesOf(known.filter(({ isNew }) => isNew)),
    isExact: known.every(({ isExact }) => isExact),
  };
}

/** US dollars. */
export function usdPerMonth(bytes: number): number {
  return (bytes / 2 ** 30) * SNAPSHOT_USD_PER_GB_MONTH;
}
