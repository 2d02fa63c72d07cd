import type { Architecture } from './layer.js';

/** A public parameter that holds the current image, or whose newest image of what name. */
export type BaseSource = { readonly parameter: string } | { readonly owner: string; readonly name: string };

/** `amd64`, as Debian and Canonical call x86_64. */
const DEBIAN_ARCHITECTURE: Readonly<Record<Architecture, string>> = { x86_64: 'amd64', arm64: 'arm64' };

/**
 * Where the vendors publish their current images: public parameters where there are any, else owner and name.
 * Sources: AWS Systems Manager User Guide "public parameters", Canonical's and Debian's cloud image pages, the DLAMI
 * and ECS guides; owner accounts of Rocky, AlmaLinux and Red Hat as they publish them.
 */
export function sourceOf(alias: string, architecture: Architecture): BaseSource | undefined {
  const debian = DEBIAN_ARCHITECTURE[architecture];
  const sources: Readonly<Record<string, BaseSource>> = {
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
