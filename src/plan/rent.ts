/** gp3 in us-east-1 (EBS pricing), without its months: a month is 730 hours there. */
const GP3_USD_PER_GB_HOUR = 0.08 / 730;

/** What the vendors' images have. */
const USUAL_VOLUME_GB = 8;

const HOUR_MS = 3_600_000;

export interface Rented {
  /** Undefined: the price is not known. */
  readonly usdPerHour: number | undefined;
  readonly durationMs: number;
  readonly volumeGb: number | undefined;
}

/** What an instance costs with its volume, in US dollars; undefined where its price is not known. */
export function rent({ usdPerHour, durationMs, volumeGb = USUAL_VOLUME_GB }: Rented): number | undefined {
  if (usdPerHour === undefined) return undefined;
  return (usdPerHour + volumeGb * GP3_USD_PER_GB_HOUR) * (durationMs / HOUR_MS);
}
