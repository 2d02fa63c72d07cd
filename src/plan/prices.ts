import type { Market } from '../images/instance-record.js';
import { PRICES_DATE, PRICES_REGION, USD_OF_LARGE, USD_OF_TYPE } from './on-demand-prices.js';
import { sizeFactor } from './size-factor.js';

/** What is rented, and where. */
export interface Machine {
  readonly instanceType: string;
  readonly market: Market;
  readonly region: string;
  /** Availability Zone; undefined: not known, or not yet. */
  readonly zone: string | undefined;
}

/** What AWS's Price List says of instances on demand in a Region: Linux, US dollars an hour by type. */
export interface PriceList {
  readonly region: string;
  /** The day it was asked for: `2026-11-21`. */
  readonly date: string;
  readonly usdPerHour: Readonly<Record<string, number>>;
}

/** What Spot costs in a Region now: US dollars an hour by type and Availability Zone. */
export interface SpotPrices {
  readonly region: string;
  readonly date: string;
  readonly usdPerHour: Readonly<Record<string, Readonly<Record<string, number>>>>;
}

/** What a run knows of prices, beside the table that this version carries. */
export interface Prices {
  readonly lists: readonly PriceList[];
  readonly spot: readonly SpotPrices[];
}

export const NO_PRICES: Prices = { lists: [], spot: [] };

/** Where and when a price was asked, for whoever reads it. */
export interface PriceSource {
  readonly market: Market;
  readonly region: string;
  readonly date: string;
}

export interface Quote {
  /** US dollars an hour. */
  readonly usd: number;
  readonly source: PriceSource;
}

/**
 * What an hour of a machine costs: on Spot by its zone, or by the mean of all where that is not known; else by the
 * Region's own list; else by the table, which is of one Region and one day. Undefined for a type that none of them has.
 */
export function quote(machine: Machine, { lists, spot }: Prices): Quote | undefined {
  const { instanceType, market, region } = machine;
  if (market === 'spot') {
    const known = spot.find((one) => one.region === region);
    const usd = spotPrice(known?.usdPerHour[instanceType] ?? {}, machine.zone);
    if (known !== undefined && usd !== undefined) return { usd, source: { market, region, date: known.date } };
  }
  const list = lists.find((one) => one.region === region);
  const usd = list?.usdPerHour[instanceType];
  if (list !== undefined && usd !== undefined) {
    return { usd, source: { market: 'on-demand', region, date: list.date } };
  }
  const tabled = tabledPrice(instanceType);
  if (tabled === undefined) return undefined;
  return { usd: tabled, source: { market: 'on-demand', region: PRICES_REGION, date: PRICES_DATE } };
}

/** Each once, in the order in which they come. */
export function sourcesOf(quotes: readonly (Quote | undefined)[]): readonly PriceSource[] {
  const sources = quotes.flatMap((one) => (one === undefined ? [] : [one.source]));
  return [...new Map(sources.map((source) => [JSON.stringify(source), source])).values()];
}

/** US dollars an hour on demand in PRICES_REGION; undefined for a type that the table does not have. */
export function tabledPrice(instanceType: string): number | undefined {
  const [family = '', size = ''] = instanceType.split('.');
  const factor = sizeFactor(size);
  const large = USD_OF_LARGE[family];
  return USD_OF_TYPE[instanceType] ?? (large === undefined || factor === undefined ? undefined : large * factor);
}

function spotPrice(zones: Readonly<Record<string, number>>, zone: string | undefined): number | undefined {
  const all = Object.values(zones);
  if (all.length === 0) return undefined;
  const mean = all.reduce((sum, usd) => sum + usd, 0) / all.length;
  return zone === undefined ? mean : (zones[zone] ?? mean);
}
