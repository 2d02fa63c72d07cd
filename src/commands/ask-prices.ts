import { placesOf } from '../build/places.js';
import type { Placement } from '../build/context.js';
import { inTime } from '../lib/in-time.js';
import { groupBy } from '../lib/group-by.js';
import type { PlanItem } from '../plan/build-plan.js';
import { NOTHING_KEPT } from '../plan/kept.js';
import type { PriceList, Prices } from '../plan/prices.js';
import type { Ports } from './ports.js';

/** A price is worth no wait: beyond this the table of this version will do. Milliseconds. */
const LIMIT_MS = 4_000;

/** Lists are good for a week; AWS changes prices a few times a year. */
const GOOD_FOR_MS = 7 * 24 * 3_600_000;

/** What the instances cost that these items may launch: at most one request to the Price List, and one for Spot, in each Region. */
export async function askPrices(items: readonly PlanItem[], placement: Placement, ports: Ports): Promise<Prices> {
  const { memory, clock, signal } = ports;
  const { prices: kept } = (await memory?.recall()) ?? NOTHING_KEPT;
  const answers = await Promise.all(
    [...groupBy(items, ({ region }) => region)].map(async ([region, ofRegion]) => {
      const cloud = ports.cloudIn(region);
      const places = ofRegion.flatMap((item) => [
        ...placesOf(item, 'builder', placement),
        ...placesOf(item, 'test', placement),
      ]);
      const known = kept.find((list) => list.region === region && isGood(list, clock.now()));
      const types = typesOf(places);
      const onSpot = typesOf(places.filter(({ market }) => market === 'spot'));
      const ask = <T>(work: (end: AbortSignal) => Promise<T>): Promise<T | undefined> =>
        inTime(work, { limitMs: LIMIT_MS, clock, signal });
      const [list, spot] = await Promise.all([
        known !== undefined && types.every((type) => type in known.usdPerHour)
          ? known
          : ask((end) => cloud.listPrices(typesOf(places, known), { now: clock.now(), signal: end })),
        onSpot.length === 0 ? undefined : ask((end) => cloud.spotPrices(onSpot, { now: clock.now(), signal: end })),
      ]);
      return { list: list ?? known, spot, isNew: list !== undefined && list !== known };
    }),
  );
  const lists = answers.flatMap(({ list }) => list ?? []);
  if (answers.some(({ isNew }) => isNew)) {
    const asked = new Set(lists.map(({ region }) => region));
    const others = kept.filter((list) => !asked.has(list.region) && isGood(list, clock.now()));
    memory?.keep({ prices: [...lists, ...others] });
  }
  return { lists, spot: answers.flatMap(({ spot }) => spot ?? []) };
}

/** In order of first use; with those of a list that is to be replaced. */
function typesOf(places: readonly { readonly instanceType: string }[], known?: PriceList): readonly string[] {
  return [...new Set([...places.map(({ instanceType }) => instanceType), ...Object.keys(known?.usdPerHour ?? {})])];
}

function isGood({ date }: PriceList, now: number): boolean {
  const age = now - Date.parse(date);
  return age >= 0 && age < GOOD_FOR_MS;
}
