import type {
  DescribeSpotPriceHistoryRequest,
  DescribeSpotPriceHistoryResult,
  SpotPrice,
  _InstanceType,
} from '@aws-sdk/client-ec2';
import { spotPrice } from '../pricing/prices.js';
import { makeFilter } from '../wire/filters.js';
import type { Caller } from '../wire/operation.js';
import { pageOf } from '../wire/paging.js';
import type { World } from '../world.js';
import { INSTANCE_TYPES } from './instance-types.js';
import { ZONES } from './network.js';

interface PriceRecord {
  readonly type: string;
  readonly zone: string;
  readonly tags: Readonly<Record<string, string>>;
}

const PRODUCT = 'Linux/UNIX';

/** Prices never change here: whatever time is asked for, each type and zone has the one that is in force. */
export function describeSpotPriceHistory(
  world: World,
  request: DescribeSpotPriceHistoryRequest,
  { region }: Caller,
): DescribeSpotPriceHistoryResult {
  const { InstanceTypes, ProductDescriptions, AvailabilityZone, Filters } = request;
  const matches = makeFilter<PriceRecord>(Filters, {
    'availability-zone': ({ zone }) => [zone],
    'instance-type': ({ type }) => [type],
    'product-description': () => [PRODUCT],
    'spot-price': ({ type, zone }) => [textOf(type, zone)],
  });
  const types: readonly string[] = InstanceTypes ?? [...INSTANCE_TYPES.keys()];
  const isAsked = ProductDescriptions === undefined || ProductDescriptions.includes(PRODUCT);
  const all = (isAsked ? types : [])
    .filter((type) => INSTANCE_TYPES.has(type))
    .flatMap((type) => ZONES.map((letter) => ({ type, zone: `${region}${letter}`, tags: {} })))
    .filter((price) => (AvailabilityZone ?? price.zone) === price.zone && matches(price));
  const page = pageOf(all, request, ({ type, zone }) => `${type} ${zone}`);
  return {
    SpotPriceHistory: page.items.map((price) => describe(price, request.StartTime ?? new Date(world.now()))),
    NextToken: page.NextToken ?? '',
  };
}

function describe({ type, zone }: PriceRecord, Timestamp: Date): SpotPrice {
  return {
    InstanceType: type as _InstanceType,
    AvailabilityZone: zone,
    ProductDescription: PRODUCT,
    SpotPrice: textOf(type, zone),
    Timestamp,
  };
}

function textOf(type: string, zone: string): string {
  return spotPrice(type, zone).toFixed(6);
}
