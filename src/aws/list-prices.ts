import { GetProductsCommand, PricingClient } from '@aws-sdk/client-pricing';
import type { Asking } from '../build/cloud.js';
import type { PriceList } from '../plan/prices.js';
import { AT_EACH_ATTEMPT, counting, type ApiCalls, type ClientSettings } from './clients.js';
import { asked } from './failure.js';

/** The Price List answers in three Regions, for all (AWS Billing User Guide, "AWS Price List service endpoints"). */
const ENDPOINT_REGION = 'us-east-1';

/** One page of GetProducts has at most 100, and a filter's value at most 1,024 characters (API reference). */
const MOST_TYPES = 60;

/** Linux on demand, as a launch with nothing said would get it. */
const PLAIN = {
  operatingSystem: 'Linux',
  preInstalledSw: 'NA',
  tenancy: 'Shared',
  capacitystatus: 'Used',
  marketoption: 'OnDemand',
};

interface Product {
  readonly product?: { readonly attributes?: { readonly instanceType?: string } };
  readonly terms?: { readonly OnDemand?: Readonly<Record<string, Term>> };
}

interface Term {
  readonly priceDimensions?: Readonly<Record<string, { readonly pricePerUnit?: { readonly USD?: string } }>>;
}

interface Question extends Asking {
  /** Whose prices. */
  readonly region: string;
  readonly settings: ClientSettings;
  readonly calls: ApiCalls;
}

export async function listPrices(
  instanceTypes: readonly string[],
  { region, settings, calls, now, signal }: Question,
): Promise<PriceList> {
  const client = new PricingClient({ ...settings, region: ENDPOINT_REGION });
  client.middlewareStack.add(counting(calls), AT_EACH_ATTEMPT);
  const plain = Object.entries({ ...PLAIN, regionCode: region }).map(
    ([Field, Value]) => ({ Type: 'TERM_MATCH', Field, Value }) as const,
  );
  const types = { Type: 'ANY_OF', Field: 'instanceType', Value: instanceTypes.slice(0, MOST_TYPES).join(',') } as const;
  const request = new GetProductsCommand({ ServiceCode: 'AmazonEC2', Filters: [...plain, types], MaxResults: 100 });
  const answer = await asked('GetProducts', () => client.send(request, { abortSignal: signal }));
  const prices = ((answer.PriceList ?? []) as readonly unknown[]).map((text) =>
    priceOf(JSON.parse(String(text)) as Product),
  );
  return {
    region,
    date: new Date(now).toISOString().slice(0, 10),
    usdPerHour: Object.fromEntries(prices.filter(([type, usd]) => type !== '' && usd > 0)),
  };
}

function priceOf({ product, terms }: Product): readonly [type: string, usd: number] {
  const [term] = Object.values(terms?.OnDemand ?? {});
  const [dimension] = Object.values(term?.priceDimensions ?? {});
  return [product?.attributes?.instanceType ?? '', Number(dimension?.pricePerUnit?.USD)];
}
