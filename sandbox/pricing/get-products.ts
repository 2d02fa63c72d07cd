import type { Filter, GetProductsRequest, GetProductsResponse } from '@aws-sdk/client-pricing';
import { INSTANCE_TYPES } from '../ec2/instance-types.js';
import { REGIONS } from '../ec2/network.js';
import { AwsError } from '../wire/aws-error.js';
import type { Caller } from '../wire/operation.js';
import { pageOf } from '../wire/paging.js';
import type { World } from '../world.js';
import { onDemandPrice } from './prices.js';

/** AWS Billing User Guide, "AWS Price List service endpoints". */
const ENDPOINTS = ['us-east-1', 'eu-central-1', 'ap-south-1'];

const LIMITS = { least: 1, most: 100, usual: 100, badToken: 'InvalidNextTokenException' };

type Attributes = Readonly<Record<string, string>>;

interface Product {
  readonly sku: string;
  readonly attributes: Attributes;
  readonly usd: number;
}

/** Instances on demand: with Linux, with Windows at twice the price, and as unused reservations at none. */
export function getProducts(
  world: World,
  { ServiceCode, Filters = [], ...paging }: GetProductsRequest,
  { region }: Caller,
): GetProductsResponse {
  if (!ENDPOINTS.includes(region)) {
    throw new AwsError('InvalidParameterException', `The Price List has no endpoint in ${region}.`);
  }
  const matches = (product: Product): boolean => Filters.every((filter) => matchesFilter(product.attributes, filter));
  const products = ServiceCode === 'AmazonEC2' ? REGIONS.flatMap(productsOf).filter(matches) : [];
  const page = pageOf(products, paging, ({ sku }) => sku, LIMITS);
  return {
    FormatVersion: 'aws_v1',
    PriceList: page.items.map((product) => JSON.stringify(describe(product, world.now()))),
    ...(page.NextToken !== undefined && { NextToken: page.NextToken }),
  };
}

const VARIANTS = [
  { operatingSystem: 'Linux', capacitystatus: 'Used', usage: 'BoxUsage', times: 1 },
  { operatingSystem: 'Windows', capacitystatus: 'Used', usage: 'BoxUsage', times: 2 },
  { operatingSystem: 'Linux', capacitystatus: 'UnusedCapacityReservation', usage: 'UnusedBox', times: 0 },
] as const;

function productsOf(region: string): readonly Product[] {
  return [...INSTANCE_TYPES.values()].flatMap(({ name, vcpus }) =>
    VARIANTS.map(({ operatingSystem, capacitystatus, usage, times }) => ({
      sku: [region, name, operatingSystem, usage].join('.'),
      usd: onDemandPrice(name) * times,
      attributes: {
        servicecode: 'AmazonEC2',
        regionCode: region,
        locationType: 'AWS Region',
        instanceType: name,
        vcpu: String(vcpus),
        operatingSystem,
        capacitystatus,
        usagetype: `${usage}:${name}`,
        preInstalledSw: 'NA',
        licenseModel: 'No License required',
        tenancy: 'Shared',
        marketoption: 'OnDemand',
        operation: 'RunInstances',
      },
    })),
  );
}

/** Names of attributes are taken as they are; that of the service has a capital here. */
function matchesFilter(attributes: Attributes, { Type, Field = '', Value = '' }: Filter): boolean {
  const value = attributes[Field === 'ServiceCode' ? 'servicecode' : Field] ?? '';
  switch (Type) {
    case 'TERM_MATCH':
      return value.toLowerCase() === Value.toLowerCase();
    case 'CONTAINS':
      return value.includes(Value);
    case 'ANY_OF':
      return Value.split(',').includes(value);
    case 'NONE_OF':
      return !Value.split(',').includes(value);
    default:
      return value === Value;
  }
}

function describe({ sku, attributes, usd }: Product, now: number): object {
  const rate = `${sku}.JRTCKXETXF`;
  return {
    product: { productFamily: 'Compute Instance', attributes, sku },
    serviceCode: 'AmazonEC2',
    terms: {
      OnDemand: {
        [rate]: {
          offerTermCode: 'JRTCKXETXF',
          priceDimensions: {
            [`${rate}.6YS6EN2CT7`]: { unit: 'Hrs', pricePerUnit: { USD: usd.toFixed(10) } },
          },
        },
      },
    },
    publicationDate: new Date(now).toISOString(),
  };
}
