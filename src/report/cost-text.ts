import type { Market } from '../images/instance-record.js';
import { usdPerMonth, type Storage } from '../plan/storage.js';
import type { PriceSource } from '../plan/prices.js';
import { plural } from './durations.js';
import { joinSentences } from './join-sentences.js';
import { isPlanned } from './rows.js';
import type { RunCost, RunReport } from './run-report.js';
import { formatUsd } from './savings.js';

const MARKET_WORDS = { 'on-demand': 'on-demand', spot: 'Spot' } as const satisfies Record<Market, string>;

/** `on-demand prices in us-west-2, 2026-11-21`; what was asked at the same place on the same day goes together. */
export function renderSources(sources: readonly PriceSource[]): string {
  const places = new Map<string, string[]>();
  for (const { market, region, date } of sources) {
    const place = `${region}, ${date}`;
    places.set(place, [...(places.get(place) ?? []), MARKET_WORDS[market]]);
  }
  return [...places]
    .map(([place, markets]) => `${markets.sort().toReversed().join(' and ')} prices in ${place}`)
    .join('; ');
}

/** `An hour of building costs ≈ $0.10 on m7i.large (…).`: where nothing says how long it takes; empty elsewhere. */
export function renderHourly({ hourly = [], prices = [] }: RunCost): string {
  if (hourly.length === 0) return '';
  const each = hourly.map(({ instanceType, usd }) => `${formatUsd(usd)} on ${instanceType}`).join(', ');
  return `An hour of building costs ${each} (${renderSources(prices)}).`;
}

/** What a run costs or will cost, by which prices, and what its images cost from then on; empty where nobody knows. */
export function renderCosts(report: RunReport): string {
  const { costUsd, prices = [] } = report.cost ?? {};
  return joinSentences([
    costUsd === undefined
      ? renderHourly(report.cost ?? {})
      : `Estimated cost: ${formatUsd(costUsd)} (${renderSources(prices)}).`,
    isPlanned(report) ? '' : renderStorage(report),
  ]);
}

/** `Snapshots of 3 images: ≈ $0.31 a month, ≈ $0.05 of it new.`; empty where nothing is known of them. */
function renderStorage({ storage }: RunReport): string {
  if (storage === undefined) return '';
  const { images, unknown, bytes, newBytes } = storage;
  const of = unknown === 0 ? plural(images, 'image') : `${images} of ${images + unknown} images`;
  const ofIt =
    newBytes === 0 ? '' : newBytes === bytes ? ', all of it new' : `, ${monthly(newBytes, storage)} of it new`;
  return `Snapshots of ${of}: ${monthly(bytes, storage)} a month${ofIt}.`;
}

function monthly(bytes: number, { isExact }: Storage): string {
  const usd = usdPerMonth(bytes);
  return isExact ? formatUsd(usd) : `≥ $${usd.toFixed(2)}`;
}
