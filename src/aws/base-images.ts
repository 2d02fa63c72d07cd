import { paginateDescribeImages, type DescribeImagesCommandInput } from '@aws-sdk/client-ec2';
import { GetParameterCommand } from '@aws-sdk/client-ssm';
import { CloudFailure, type Cloud } from '../build/cloud.js';
import type { Architecture } from '../template/layer.js';
import type { Clients } from './clients.js';
import { asked } from './failure.js';

type Source = { readonly parameter: string } | { readonly owner: string; readonly name: string };

/** `amd64`, as Debian and Canonical call x86_64. */
const DEBIAN_ARCHITECTURE: Readonly<Record<Architecture, string>> = { x86_64: 'amd64', arm64: 'arm64' };

/**
 * Where the vendors publish their current images: public parameters where there are any, else owner and name.
 * Sources: AWS Systems Manager User Guide "public parameters", Canonical's and Debian's cloud image pages, the DLAMI
 * and ECS guides; owner accounts of Rocky, AlmaLinux and Red Hat as they publish them.
 */
function sourceOf(alias: string, architecture: Architecture): Source | undefined {
  const debian = DEBIAN_ARCHITECTURE[architecture];
  const sources: Readonly<Record<string, Source>> = {
    al2023: { parameter: `/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-${architecture}` },
    al2: { parameter: `/aws/service/ami-amazon-linux-latest/amzn2-ami-kernel-5.10-hvm-${architecture}-gp2` },
    'ubuntu-24.04': {
      parameter: `/aws/service/canonical/ubuntu/server/24.04/stable/current/${debian}/hvm/ebs-gp3/ami-id`,
    },
    'ubuntu-22.04': {
      parameter: `/aws/service/canonical/ubuntu/server/22.04/stable/current/${debian}/hvm/ebs-gp2/ami-id`,
    },
    'debian-12': { parameter: `/aws/service/debian/release/12/latest/${debian}` },
    'dlami-al2023': {
      parameter: `/aws/service/deeplearning/ami/${architecture}/base-oss-nvidia-driver-gpu-amazon-linux-2023/latest/ami-id`,
    },
    'dlami-ubuntu-22.04': {
      parameter: `/aws/service/deeplearning/ami/${architecture}/base-oss-nvidia-driver-gpu-ubuntu-22.04/latest/ami-id`,
    },
    'ecs-al2023': {
      parameter: `/aws/service/ecs/optimized-ami/amazon-linux-2023/${architecture === 'arm64' ? 'arm64/' : ''}recommended/image_id`,
    },
    'rocky-9': { owner: '792107900819', name: 'Rocky-9-EC2-Base-*' },
    'alma-9': { owner: '764336703387', name: 'AlmaLinux OS 9*' },
    'rhel-9': { owner: '309956199498', name: 'RHEL-9*_HVM-*' },
  };
  const parallelCluster = /^parallelcluster-(.+)$/.exec(alias)?.[1];
  return parallelCluster === undefined
    ? sources[alias]
    : { owner: 'amazon', name: `aws-parallelcluster-${parallelCluster}-amzn2023-*` };
}

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
