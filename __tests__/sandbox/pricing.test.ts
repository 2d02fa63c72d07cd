import { DescribeSpotPriceHistoryCommand, EC2Client } from '@aws-sdk/client-ec2';
import { GetProductsCommand, PricingClient, type Filter } from '@aws-sdk/client-pricing';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { startSandbox, type Sandbox } from '../../sandbox/start.js';
import { credentialsOf, type Credentials } from './support/credentials-of.js';

const directory = mkdtempSync(path.join(tmpdir(), 'sandbox-pricing-'));
let sandbox: Sandbox;
let options: { endpoint: string; credentials: Credentials; maxAttempts: number };

beforeAll(async () => {
  sandbox = await startSandbox({ directory });
  const credentials = credentialsOf(sandbox);
  options = { endpoint: sandbox.endpoint, credentials, maxAttempts: 1 };
});

afterAll(async () => {
  await sandbox.stop();
  rmSync(directory, { recursive: true });
});

interface Product {
  readonly product: { readonly attributes: Readonly<Record<string, string>> };
  readonly terms: {
    readonly OnDemand: Readonly<
      Record<string, { readonly priceDimensions: Readonly<Record<string, { readonly pricePerUnit: object }>> }>
    >;
  };
}

const filter = (Field: string, Value: string, Type: Filter['Type'] = 'TERM_MATCH'): Filter => ({ Type, Field, Value });

async function products(filters: Filter[], region = 'us-east-1'): Promise<readonly string[]> {
  const client = new PricingClient({ ...options, region });
  const answer = await client.send(new GetProductsCommand({ ServiceCode: 'AmazonEC2', Filters: filters }));
  return ((answer.PriceList ?? []) as readonly unknown[]).map((text) => {
    const { product, terms } = JSON.parse(String(text)) as Product;
    const { regionCode, instanceType, operatingSystem, capacitystatus } = product.attributes;
    const [price] = Object.values(terms.OnDemand).flatMap(({ priceDimensions }) => Object.values(priceDimensions));
    return `${regionCode} ${instanceType} ${operatingSystem} ${capacitystatus} ${JSON.stringify(price?.pricePerUnit)}`;
  });
}

test('The Price List has Linux and Windows instances and unused reservations of every Region, as JSON texts.', async () => {
  expect(await products([filter('instanceType', 'm7i.large'), filter('regionCode', 'eu-west-1')])).toEqual([
    'eu-west-1 m7i.large Linux Used {"USD":"0.1000000000"}',
    'eu-west-1 m7i.large Linux UnusedCapacityReservation {"USD":"0.0000000000"}',
    'eu-west-1 m7i.large Windows Used {"USD":"0.2000000000"}',
  ]);
});

test('Filters of GetProducts all have to hold; ANY_OF and NONE_OF take a list with commas.', async () => {
  const plain = [
    filter('operatingSystem', 'linux'),
    filter('capacitystatus', 'Used'),
    filter('regionCode', 'eu-west-1'),
  ];
  expect(await products([...plain, filter('instanceType', 'm7i.large,c7i.xlarge', 'ANY_OF')])).toEqual([
    'eu-west-1 c7i.xlarge Linux Used {"USD":"0.2000000000"}',
    'eu-west-1 m7i.large Linux Used {"USD":"0.1000000000"}',
  ]);
  const large = filter('instanceType', 'm7i.', 'CONTAINS');
  const not = filter('instanceType', 'm7i.xlarge,m7i.2xlarge,m7i.4xlarge,m7i.8xlarge,m7i.12xlarge', 'NONE_OF');
  expect(await products([...plain, large, not])).toHaveLength(3);
});

test('The Price List answers in us-east-1, eu-central-1 and ap-south-1 only.', async () => {
  const types = [filter('instanceType', 'm7i.large'), filter('regionCode', 'us-west-2')];
  await expect(products(types, 'eu-central-1')).resolves.toHaveLength(3);
  await expect(products(types, 'us-west-2')).rejects.toMatchObject({ name: 'InvalidParameterException' });
});

test('A Spot price history that starts now has the price in force of each type and zone.', async () => {
  const ec2 = new EC2Client({ ...options, region: 'us-west-2' });
  const StartTime = new Date('2026-11-21T12:00:00Z');
  const request = { InstanceTypes: ['m7i.large' as const], ProductDescriptions: ['Linux/UNIX'], StartTime };
  const { SpotPriceHistory = [] } = await ec2.send(new DescribeSpotPriceHistoryCommand(request));
  const prices = SpotPriceHistory.map(({ AvailabilityZone, SpotPrice }) => `${AvailabilityZone} ${SpotPrice}`);
  expect(prices).toEqual(['us-west-2a 0.030000', 'us-west-2b 0.040000', 'us-west-2c 0.050000']);
  expect(SpotPriceHistory.map(({ Timestamp }) => Timestamp)).toEqual([StartTime, StartTime, StartTime]);
});
