import { paginateDescribeImages, type DescribeImagesCommandInput } from '@aws-sdk/client-ec2';
import { CloudFailure, type BaseImage, type Cloud } from '../build/cloud.js';
import { baseOf } from '../images/tags.js';
import { sourceOf } from '../template/base-sources.js';
import { baseText } from '../template/base-text.js';
import type { Architecture, BaseReference } from '../template/layer.js';
import type { Clients } from './clients.js';
import type { DescribeImage } from './describe-image.js';
import { asked } from './failure.js';
import { parameterReader, type ReadParameter } from './read-parameters.js';
import { fromTagList } from './tag-list.js';

type Query = Pick<DescribeImagesCommandInput, 'Owners' | 'Filters'>;

/** Each base is looked up once, however many layers stand on it. */
export function baseImageCalls(clients: Clients, region: string, describe: DescribeImage): Pick<Cloud, 'resolveBase'> {
  const readParameter = parameterReader(clients);
  const known = new Map<string, Promise<readonly BaseImage[]>>();
  return {
    resolveBase: async (reference, architecture, mayStandOn = () => true) => {
      const key = JSON.stringify([reference, architecture]);
      const found = known.get(key) ?? look({ clients, describe, readParameter, region }, reference, architecture);
      known.set(key, found);
      // What went wrong once may go right for the next layer.
      found.catch(() => known.delete(key));
      const images = await found;
      const image = images.find(mayStandOn);
      if (image === undefined) throw notTrusted(reference, images);
      return image;
    },
  };
}

interface Looking {
  readonly clients: Clients;
  readonly describe: DescribeImage;
  readonly readParameter: ReadParameter;
  readonly region: string;
}

/** Nobody but AWS writes there (Systems Manager User Guide, "Parameter name constraints"). */
const OF_AWS = '/aws/service/';

/** What a reference may mean, the newest first; never nothing. */
async function look(
  looking: Looking,
  reference: BaseReference,
  architecture: Architecture,
): Promise<readonly BaseImage[]> {
  if (reference.kind === 'ami') return [await asBase(looking, reference.imageId)];
  const where = placeOf(reference, architecture);
  if ('parameter' in where) {
    const value = await looking.readParameter(where.parameter);
    if (value !== undefined && !/^ami-[0-9a-f]+$/.test(value)) {
      throw failure('GetParameters', {
        code: 'NoBaseImage',
        message: `the base "${baseText(reference)}" is a parameter that holds something else than an AMI id`,
        fix: 'name a parameter whose value is an AMI id.',
      });
    }
    if (value !== undefined)
      return [where.parameter.startsWith(OF_AWS) ? { imageId: value, trust: 'main' } : await asBase(looking, value)];
  } else {
    const images = await newestFirst(looking, where);
    if (images.length > 0) return images;
  }
  throw failure('parameter' in where ? 'GetParameters' : 'DescribeImages', {
    code: 'NoBaseImage',
    message: `the base "${baseText(reference)}" has no ${architecture} image in ${looking.region} (${wordsOf(where)})`,
    fix: 'choose another `base`, another Region, or `architectures` that it has.',
  });
}

function failure(operation: string, said: Pick<CloudFailure, 'code' | 'message' | 'fix'>): CloudFailure {
  return new CloudFailure({ operation, ...said, treatment: 'give-up', cause: undefined });
}

/** A launch asks for the same description. */
async function asBase({ describe }: Looking, imageId: string): Promise<BaseImage> {
  return { imageId, trust: baseOf(fromTagList((await describe(imageId)).Tags)).trust };
}

const MOST_NAMED = 3;

function notTrusted(reference: BaseReference, images: readonly BaseImage[]): CloudFailure {
  const ids = images.slice(0, MOST_NAMED).map(({ imageId }) => imageId);
  return failure('DescribeImages', {
    code: 'BaseNotTrusted',
    message:
      `the base "${baseText(reference)}" is ${ids.join(', ')}, which ami-layers did not make from the code of a default branch, ` +
      'and this run relies on nothing else',
    fix: 'name an image that a run of the default branch has made.',
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
  const filters = [
    filter,
    { Name: 'architecture', Values: [architecture] },
    { Name: 'state', Values: ['available'] },
    // Nothing else boots on today's instance types, or becomes an image by CreateImage (EC2 User Guide, "AMI types").
    { Name: 'root-device-type', Values: ['ebs'] },
    { Name: 'virtualization-type', Values: ['hvm'] },
  ];
  return { Owners: owners, Filters: filters };
}

function wordsOf(where: { readonly parameter: string } | Query): string {
  return 'parameter' in where
    ? `there is no parameter ${where.parameter}`
    : `${(where.Owners ?? []).join()} has none that is ${where.Filters?.[0]?.Values?.join() ?? ''}`;
}

/** A name is anybody's who may make images: of our own, one that has not passed its checks is not meant. */
async function newestFirst({ clients }: Looking, query: Query): Promise<readonly BaseImage[]> {
  const found: (BaseImage & { readonly created: string })[] = [];
  await asked('DescribeImages', async () => {
    found.length = 0;
    for await (const page of paginateDescribeImages({ client: clients.ec2, pageSize: 1000 }, query)) {
      for (const { ImageId: imageId, CreationDate: created = '', Tags } of page.Images ?? []) {
        const { trust, isFinished } = baseOf(fromTagList(Tags));
        if (imageId !== undefined && isFinished) found.push({ imageId, trust, created });
      }
    }
  });
  // Of those made in the same moment, the same one each time.
  const orderOf = ({ created, imageId }: (typeof found)[number]): string => `${created} ${imageId}`;
  return found.sort((a, b) => (orderOf(a) < orderOf(b) ? 1 : -1));
}
