import { paginateDescribeImages, type DescribeImagesCommandInput } from '@aws-sdk/client-ec2';
import { CloudFailure, type Cloud } from '../build/cloud.js';
import { sourceOf } from '../template/base-sources.js';
import { baseText } from '../template/base-text.js';
import type { Architecture, BaseReference } from '../template/layer.js';
import type { Clients } from './clients.js';
import { asked } from './failure.js';
import { parameterReader, type ReadParameter } from './read-parameters.js';

type Query = Pick<DescribeImagesCommandInput, 'Owners' | 'Filters'>;

/** Each base is looked up once, however many layers stand on it. */
export function baseImageCalls(clients: Clients, region: string): Pick<Cloud, 'resolveBase'> {
  const readParameter = parameterReader(clients);
  const known = new Map<string, Promise<string>>();
  return {
    resolveBase: (reference, architecture) => {
      const key = JSON.stringify([reference, architecture]);
      const before = known.get(key);
      if (before !== undefined) return before;
      const found = look({ clients, readParameter, region }, reference, architecture);
      known.set(key, found);
      // What went wrong once may go right for the next layer.
      found.catch(() => known.delete(key));
      return found;
    },
  };
}

interface Looking {
  readonly clients: Clients;
  readonly readParameter: ReadParameter;
  readonly region: string;
}

async function look(looking: Looking, reference: BaseReference, architecture: Architecture): Promise<string> {
  if (reference.kind === 'ami') return reference.imageId;
  const where = placeOf(reference, architecture);
  const found = 'parameter' in where ? await looking.readParameter(where.parameter) : await newest(looking, where);
  if (found !== undefined && /^ami-[0-9a-f]+$/.test(found)) return found;
  throw new CloudFailure({
    operation: 'parameter' in where ? 'GetParameters' : 'DescribeImages',
    code: 'NoBaseImage',
    message:
      found === undefined
        ? `the base "${baseText(reference)}" has no ${architecture} image in ${looking.region} (${wordsOf(where)})`
        : `the base "${baseText(reference)}" is a parameter that holds something else than an AMI id`,
    fix:
      found === undefined
        ? 'choose another `base`, another Region, or `architectures` that it has.'
        : 'name a parameter whose value is an AMI id.',
    treatment: 'give-up',
    cause: undefined,
  });
}

function placeOf(
  reference: Exclude<BaseReference, { readonly kind: 'ami' }>,
  architecture: Architecture,
): { readonly parameter: string } | Query {
  switch (reference.kind) {
    case 'ssm':
      return { parameter: reference.parameter };
    case 'search':
      return queryFor(architecture, [reference.owner], { Name: 'name', Values: [reference.name] });
    case 'marketplace':
      return queryFor(architecture, ['aws-marketplace'], { Name: 'product-code', Values: [reference.productCode] });
    case 'alias': {
      const source = sourceOf(reference.alias, architecture);
      if (source === undefined)
        throw new Error(`the template schema let the unknown base "${reference.alias}" through`);
      return 'parameter' in source
        ? source
        : queryFor(architecture, [source.owner], { Name: 'name', Values: [source.name] });
    }
  }
}

function queryFor(architecture: Architecture, owners: string[], filter: { Name: string; Values: string[] }): Query {
  const filters = [filter, { Name: 'architecture', Values: [architecture] }, { Name: 'state', Values: ['available'] }];
  return { Owners: owners, Filters: filters };
}

function wordsOf(where: { readonly parameter: string } | Query): string {
  return 'parameter' in where
    ? `there is no parameter ${where.parameter}`
    : `${(where.Owners ?? []).join()} has none that is ${where.Filters?.[0]?.Values?.join() ?? ''}`;
}

async function newest({ clients }: Looking, query: Query): Promise<string | undefined> {
  let best: { readonly id: string; readonly created: string } | undefined;
  await asked('DescribeImages', async () => {
    for await (const page of paginateDescribeImages({ client: clients.ec2, pageSize: 1000 }, query)) {
      for (const { ImageId: id, CreationDate: created = '' } of page.Images ?? []) {
        if (id !== undefined && (best === undefined || created > best.created)) best = { id, created };
      }
    }
  });
  return best?.id;
}
