import type {
  AvailabilityZone,
  DescribeAvailabilityZonesRequest,
  DescribeAvailabilityZonesResult,
  DescribeInstanceTypeOfferingsRequest,
  DescribeInstanceTypeOfferingsResult,
  LocationType,
  _InstanceType,
} from '@aws-sdk/client-ec2';
import { AwsError } from '../wire/aws-error.js';
import { makeFilter } from '../wire/filters.js';
import type { Caller } from '../wire/operation.js';
import { pageOf } from '../wire/paging.js';
import type { World } from '../world.js';
import { INSTANCE_TYPES } from './instance-types.js';
import { ZONES } from './network.js';

interface Zone {
  readonly name: string;
  /** `usw2-az1`: the same building for every account, whatever the account calls it. */
  readonly id: string;
  readonly tags: Readonly<Record<string, string>>;
}

function zonesOf(region: string): readonly Zone[] {
  return ZONES.map((letter, index) => ({
    name: `${region}${letter}`,
    id: `${shortRegion(region)}-az${index + 1}`,
    tags: {},
  }));
}

export function describeAvailabilityZones(
  _world: World,
  request: DescribeAvailabilityZonesRequest,
  { region }: Caller,
): DescribeAvailabilityZonesResult {
  const zones = zonesOf(region);
  const { ZoneNames, ZoneIds, Filters } = request;
  refuseUnknown(
    ZoneNames,
    zones.map(({ name }) => name),
    'availability zone',
  );
  refuseUnknown(
    ZoneIds,
    zones.map(({ id }) => id),
    'availability zone-id',
  );
  const matches = makeFilter<Zone>(Filters, {
    'zone-name': ({ name }) => [name],
    'zone-id': ({ id }) => [id],
    'region-name': () => [region],
    state: () => ['available'],
    'zone-type': () => ['availability-zone'],
    'opt-in-status': () => ['opt-in-not-required'],
    'group-name': () => [`${region}-zg-1`],
    'group-long-name': () => [],
    'parent-zone-id': () => [],
    'parent-zone-name': () => [],
    message: () => [],
  });
  const wanted = zones.filter(
    (zone) => (ZoneNames?.includes(zone.name) ?? true) && (ZoneIds?.includes(zone.id) ?? true) && matches(zone),
  );
  return { AvailabilityZones: wanted.map((zone) => describeZone(zone, region)) };
}

/** Every type is everywhere. What is offered may still be out of capacity, here as on AWS. */
export function describeInstanceTypeOfferings(
  _world: World,
  request: DescribeInstanceTypeOfferingsRequest,
  { region }: Caller,
): DescribeInstanceTypeOfferingsResult {
  const { LocationType = 'region', Filters } = request;
  const offerings = [...INSTANCE_TYPES.keys()].flatMap((type) =>
    locationsOf(LocationType, region).map((location) => ({ type, location, tags: {} })),
  );
  const matches = makeFilter<(typeof offerings)[number]>(Filters, {
    'instance-type': ({ type }) => [type],
    location: ({ location }) => [location],
  });
  const page = pageOf(offerings.filter(matches), request, ({ type, location }) => `${type} ${location}`);
  return {
    InstanceTypeOfferings: page.items.map(({ type, location }) => ({
      InstanceType: type as _InstanceType,
      LocationType,
      Location: location,
    })),
    ...(page.NextToken !== undefined && { NextToken: page.NextToken }),
  };
}

function locationsOf(locationType: LocationType, region: string): readonly string[] {
  const zones = zonesOf(region);
  switch (locationType) {
    case 'region':
      return [region];
    case 'availability-zone':
      return zones.map(({ name }) => name);
    case 'availability-zone-id':
      return zones.map(({ id }) => id);
    case 'outpost':
      return [];
  }
}

/** `ap-southeast-2` is `apse2`. */
function shortRegion(region: string): string {
  const [area = '', direction = '', number = ''] = region.split('-');
  const short = direction.replace(
    /^(north|south)?(east|west|central)?$/,
    (_all, first = '', second = '') => `${String(first).charAt(0)}${String(second).charAt(0)}`,
  );
  return `${area}${short}${number}`;
}

function describeZone({ name, id }: Zone, region: string): AvailabilityZone {
  return {
    ZoneName: name,
    ZoneId: id,
    RegionName: region,
    GroupName: `${region}-zg-1`,
    NetworkBorderGroup: region,
    ZoneType: 'availability-zone',
    OptInStatus: 'opt-in-not-required',
    State: 'available',
    Messages: [],
  };
}

function refuseUnknown(asked: readonly string[] | undefined, known: readonly string[], what: string): void {
  const unknown = asked?.filter((name) => !known.includes(name)) ?? [];
  if (unknown.length > 0) throw new AwsError('InvalidParameterValue', `Invalid ${what}: [${unknown.join(', ')}]`);
}
