import { paginateDescribeImages, type DescribeImagesCommandInput } from '@aws-sdk/client-ec2';
import { GetParameterCommand } from '@aws-sdk/client-ssm';
import { CloudFailure, type Cloud } from '../build/cloud.js';
import { sourceOf } from '../template/base-sources.js';
import type { Architecture } from '../template/layer.js';
import type { Clients } from './clients.js';
import { asked } from './failure.js';

export function baseImageCalls(clients: Clients): Pick<Cloud, 'resolveBase'> {
  return {
    resolveBase: async (reference, architecture) => {
      switch (reference.kind) {
        case 'ami':
          return reference.imageId;
        case 'ssm':
          return fromParameter(clients, reference.parameter);
        case 'search':
          return newest(clients, architecture, { Owners: [reference.owner], Filters: named(reference.name) });
        case 'marketplace':
          return newest(clients, architecture, {
            Owners: ['aws-marketplace'],
            Filters: [{ Name: 'product-code', Values: [reference.productCode] }],
          });
        case 'alias': {
          const source = sourceOf(reference.alias, architecture);
          if (source === undefined)
            throw new Error(`the template schema let the unknown base "${reference.alias}" through`);
          if ('parameter' in source) return fromParameter(clients, source.parameter);
          return newest(clients, architecture, { Owners: [source.owner], Filters: named(source.name) });
        }
      }
    },
  };
}

async function fromParameter({ ssm }: Clients, name: string): Promise<string> {
  const answer = await asked('GetParameter', () => ssm.send(new GetParameterCommand({ Name: name })));
  const value = answer.Parameter?.Value ?? '';
  if (/^ami-[0-9a-f]+$/.test(value)) return value;
  throw new CloudFailure({
    operation: 'GetParameter',
    code: 'NotAnImageId',
    message: `the parameter ${name} holds "${value.slice(0, 80)}", not an AMI id`,
    fix: 'name a parameter whose value is an AMI id.',
    treatment: 'give-up',
    cause: undefined,
  });
}

async function newest(
  { ec2 }: Clients,
  architecture: Architecture,
  query: Pick<DescribeImagesCommandInput, 'Owners' | 'Filters'>,
): Promise<string> {
  const filters = [
    ...(query.Filters ?? []),
    { Name: 'architecture', Values: [architecture] },
    { Name: 'state', Values: ['available'] },
  ];
  let best: { readonly id: string; readonly created: string } | undefined;
  await asked('DescribeImages', async () => {
    const request = { ...query, Filters: filters };
    for await (const page of paginateDescribeImages({ client: ec2, pageSize: 1000 }, request)) {
      for (const { ImageId: id, CreationDate: created = '' } of page.Images ?? []) {
        if (id !== undefined && (best === undefined || created > best.created)) best = { id, created };
      }
    }
  });
  if (best !== undefined) return best.id;
  throw new CloudFailure({
    operation: 'DescribeImages',
    code: 'NoBaseImage',
    message: `no ${architecture} image matches ${JSON.stringify(query)}`,
    fix: 'check `base`: owner, name pattern and Region.',
    treatment: 'give-up',
    cause: undefined,
  });
}

function named(pattern: string): NonNullable<DescribeImagesCommandInput['Filters']> {
  return [{ Name: 'name', Values: [pattern] }];
}
