import type {
  DescribeRegionsRequest,
  DescribeRegionsResult,
  DescribeSecurityGroupsRequest,
  DescribeSecurityGroupsResult,
  DescribeSubnetsRequest,
  DescribeSubnetsResult,
  SecurityGroup,
  Subnet,
} from '@aws-sdk/client-ec2';
import { fixedId } from '../account.js';
import { AwsError } from '../wire/aws-error.js';
import { makeFilter } from '../wire/filters.js';
import type { Caller, Scope } from '../wire/operation.js';
import { pageOf } from '../wire/paging.js';
import type { World } from '../world.js';

/** Each Region has the default VPC that AWS gives every account: one default subnet in each of three zones. */
export interface SubnetRecord {
  readonly id: string;
  readonly zone: string;
  readonly cidr: string;
  readonly tags: Readonly<Record<string, string>>;
}

export const ZONES = ['a', 'b', 'c'];

/** Listed by DescribeRegions; any other Region works just as well. */
export const REGIONS = [
  'us-east-1',
  'us-east-2',
  'us-west-1',
  'us-west-2',
  'ca-central-1',
  'sa-east-1',
  'eu-west-1',
  'eu-west-2',
  'eu-west-3',
  'eu-central-1',
  'eu-north-1',
  'ap-south-1',
  'ap-southeast-1',
  'ap-southeast-2',
  'ap-northeast-1',
  'ap-northeast-2',
];

export function vpcId(region: string): string {
  return fixedId('vpc', region);
}

export function securityGroupId(region: string): string {
  return fixedId('sg', region, 'default');
}

export function subnetsOf(region: string): readonly SubnetRecord[] {
  return ZONES.map((letter, index) => ({
    id: fixedId('subnet', region, letter),
    zone: `${region}${letter}`,
    cidr: `10.0.${index * 16}.0/20`,
    tags: {},
  }));
}

export function describeSubnets(
  _world: World,
  request: DescribeSubnetsRequest,
  { region, account }: Caller,
): DescribeSubnetsResult {
  const subnets = subnetsOf(region);
  const missing = request.SubnetIds?.find((id) => !subnets.some((subnet) => subnet.id === id));
  if (missing !== undefined)
    throw new AwsError('InvalidSubnetID.NotFound', `The subnet ID '${missing}' does not exist`);
  const matches = makeFilter<SubnetRecord>(request.Filters, {
    'subnet-id': ({ id }) => [id],
    'availability-zone': ({ zone }) => [zone],
    'vpc-id': () => [vpcId(region)],
    'default-for-az': () => ['true'],
    state: () => ['available'],
  });
  const wanted = subnets.filter((subnet) => (request.SubnetIds?.includes(subnet.id) ?? true) && matches(subnet));
  const page = pageOf(wanted, request, ({ id }) => id);
  return {
    Subnets: page.items.map((subnet) => describeSubnet(subnet, { region, account })),
    ...(page.NextToken !== undefined && { NextToken: page.NextToken }),
  };
}

function describeSubnet({ id, zone, cidr }: SubnetRecord, { region, account }: Scope): Subnet {
  return {
    SubnetId: id,
    SubnetArn: `arn:aws:ec2:${region}:${account}:subnet/${id}`,
    VpcId: vpcId(region),
    AvailabilityZone: zone,
    CidrBlock: cidr,
    AvailableIpAddressCount: 4091,
    DefaultForAz: true,
    MapPublicIpOnLaunch: true,
    OwnerId: account,
    State: 'available',
    Tags: [],
  };
}

export function describeSecurityGroups(
  _world: World,
  request: DescribeSecurityGroupsRequest,
  { region, account }: Caller,
): DescribeSecurityGroupsResult {
  const id = securityGroupId(region);
  const missing = request.GroupIds?.find((wanted) => wanted !== id);
  if (missing !== undefined) {
    throw new AwsError('InvalidGroup.NotFound', `The security group '${missing}' does not exist`);
  }
  const matches = makeFilter<SecurityGroup & { readonly tags: Readonly<Record<string, string>> }>(request.Filters, {
    'group-id': ({ GroupId }) => [GroupId],
    'group-name': ({ GroupName }) => [GroupName],
    'vpc-id': ({ VpcId }) => [VpcId],
  });
  const group = {
    GroupId: id,
    GroupName: 'default',
    Description: 'default VPC security group',
    OwnerId: account,
    VpcId: vpcId(region),
    IpPermissions: [],
    IpPermissionsEgress: [{ IpProtocol: '-1', IpRanges: [{ CidrIp: '0.0.0.0/0' }] }],
    Tags: [],
    tags: {},
  };
  return { SecurityGroups: matches(group) ? [group] : [] };
}

export function describeRegions(_world: World, request: DescribeRegionsRequest): DescribeRegionsResult {
  const missing = request.RegionNames?.find((name) => !REGIONS.includes(name));
  if (missing !== undefined) throw new AwsError('InvalidParameterValue', `Invalid region provided: ${missing}`);
  return {
    Regions: REGIONS.filter((name) => request.RegionNames?.includes(name) ?? true).map((name) => ({
      RegionName: name,
      Endpoint: `ec2.${name}.amazonaws.com`,
      OptInStatus: 'opt-in-not-required',
    })),
  };
}
