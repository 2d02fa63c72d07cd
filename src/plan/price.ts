import { USD_OF_LARGE, USD_OF_TYPE } from './on-demand-prices.js';
import { sizeFactor } from './size-factor.js';

/** gp3 in us-east-1 (EBS pricing), without its months: a month is 730 hours there. */
const GP3_USD_PER_GB_HOUR = 0.08 / 730;

/** What the vendors' images have. */
const USUAL_VOLUME_GB = 8;

const HOUR_MS = 3_600_000;

/** US dollars an hour on demand in PRICES_REGION; undefined for a type that the list does not have. */
export function pricePerHour(instanceType: string): number | undefined {
  const [family = '', size = ''] = instanceType.split('.');
  const factor = sizeFactor(size);
  const large = USD_OF_LARGE[family];
  return USD_OF_TYPE[instanceType] ?? (large === undefined || factor === undefined ? undefined : large * factor);
}

export interface Rented {
  readonly instanceType: string;
  readonly durationMs: number;
  readonly volumeGb: number | undefined;
}

/** What an instance costs with its volume, in US dollars; undefined where the type's price is not known. */
export function rent({ instanceType, durationMs, volumeGb = USUAL_VOLUME_GB }: Rented): number | undefined {
  const perHour = pricePerHour(instanceType);
  return perHour === undefined ? undefined : (perHour + volumeGb * GP3_USD_PER_GB_HOUR) * (durationMs / HOUR_MS);
}
