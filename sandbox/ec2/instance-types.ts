import type {
  DescribeInstanceTypesRequest,
  DescribeInstanceTypesResult,
  InstanceTypeInfo,
  _InstanceType,
} from '@aws-sdk/client-ec2';
import type { Architecture } from '../account.js';
import { AwsError } from '../wire/aws-error.js';
import { makeFilter } from '../wire/filters.js';
import { pageOf } from '../wire/paging.js';
import type { World } from '../world.js';

export interface InstanceTypeRecord {
  readonly name: string;
  readonly architecture: Architecture;
  readonly vcpus: number;
  readonly memoryMib: number;
  /** Number of GPUs. */
  readonly gpus: number;
  readonly tags: Readonly<Record<string, string>>;
}

/** vCPUs of each size; families differ in memory for each vCPU. */
const SIZES = {
  large: 2,
  xlarge: 4,
  '2xlarge': 8,
  '4xlarge': 16,
  '8xlarge': 32,
  '12xlarge': 48,
  '16xlarge': 64,
  '24xlarge': 96,
};

const BURSTABLE = { nano: 512, micro: 1024, small: 2048, medium: 4096, large: 8192, xlarge: 16_384, '2xlarge': 32_768 };

const FAMILIES: readonly {
  readonly names: readonly string[];
  readonly architecture: Architecture;
  readonly mibPerVcpu: number;
}[] = [
  { names: ['c5', 'c5a', 'c6i', 'c6a', 'c7i', 'c7a'], architecture: 'x86_64', mibPerVcpu: 2048 },
  { names: ['m5', 'm5a', 'm6i', 'm6a', 'm7i', 'm7a'], architecture: 'x86_64', mibPerVcpu: 4096 },
  { names: ['r5', 'r6i', 'r6a', 'r7i', 'r7a'], architecture: 'x86_64', mibPerVcpu: 8192 },
  { names: ['c6g', 'c7g', 'c8g'], architecture: 'arm64', mibPerVcpu: 2048 },
  { names: ['m6g', 'm7g', 'm8g'], architecture: 'arm64', mibPerVcpu: 4096 },
  { names: ['r6g', 'r7g', 'r8g'], architecture: 'arm64', mibPerVcpu: 8192 },
];

const SINGLE: readonly Omit<InstanceTypeRecord, 'tags'>[] = [
  { name: 'hpc6a.48xlarge', architecture: 'x86_64', vcpus: 96, memoryMib: 393_216, gpus: 0 },
  { name: 'hpc7a.96xlarge', architecture: 'x86_64', vcpus: 192, memoryMib: 786_432, gpus: 0 },
  { name: 'hpc7g.16xlarge', architecture: 'arm64', vcpus: 64, memoryMib: 131_072, gpus: 0 },
  { name: 'g4dn.xlarge', architecture: 'x86_64', vcpus: 4, memoryMib: 16_384, gpus: 1 },
  { name: 'g4dn.2xlarge', architecture: 'x86_64', vcpus: 8, memoryMib: 32_768, gpus: 1 },
  { name: 'g5.xlarge', architecture: 'x86_64', vcpus: 4, memoryMib: 16_384, gpus: 1 },
  { name: 'g5.2xlarge', architecture: 'x86_64', vcpus: 8, memoryMib: 32_768, gpus: 1 },
  { name: 'g6.xlarge', architecture: 'x86_64', vcpus: 4, memoryMib: 16_384, gpus: 1 },
  { name: 'g5g.xlarge', architecture: 'arm64', vcpus: 4, memoryMib: 8192, gpus: 1 },
  { name: 'p3.2xlarge', architecture: 'x86_64', vcpus: 8, memoryMib: 62_464, gpus: 1 },
  { name: 'p4d.24xlarge', architecture: 'x86_64', vcpus: 96, memoryMib: 1_179_648, gpus: 8 },
  { name: 'p5.48xlarge', architecture: 'x86_64', vcpus: 192, memoryMib: 2_097_152, gpus: 8 },
];

/** The common types; EC2 has some 900. */
export const INSTANCE_TYPES: ReadonlyMap<string, InstanceTypeRecord> = new Map(
  [...families(), ...burstable(), ...SINGLE].map((type) => [type.name, { ...type, tags: {} }]),
);

function families(): readonly Omit<InstanceTypeRecord, 'tags'>[] {
  return FAMILIES.flatMap(({ names, architecture, mibPerVcpu }) =>
    names.flatMap((family) =>
      Object.entries(SIZES).map(([size, vcpus]) => ({
        name: `${family}.${size}`,
        architecture,
        vcpus,
        memoryMib: vcpus * mibPerVcpu,
        gpus: 0,
      })),
    ),
  );
}

function burstable(): readonly Omit<InstanceTypeRecord, 'tags'>[] {
  const architectures = { t3: 'x86_64', t3a: 'x86_64', t4g: 'arm64' } as const;
  return Object.entries(architectures).flatMap(([family, architecture]) =>
    Object.entries(BURSTABLE).map(([size, memoryMib]) => ({
      name: `${family}.${size}`,
      architecture,
      vcpus: size === 'xlarge' ? 4 : size === '2xlarge' ? 8 : 2,
      memoryMib,
      gpus: 0,
    })),
  );
}

export function describeInstanceTypes(
  _world: World,
  request: DescribeInstanceTypesRequest,
): DescribeInstanceTypesResult {
  const missing = request.InstanceTypes?.filter((name) => !INSTANCE_TYPES.has(name)) ?? [];
  if (missing.length > 0) {
    throw new AwsError(
      'InvalidInstanceType',
      `The following supplied instance types do not exist: [${missing.join(', ')}]`,
    );
  }
  const matches = makeFilter<InstanceTypeRecord>(request.Filters, {
    'instance-type': ({ name }) => [name],
    'processor-info.supported-architecture': ({ architecture }) => [architecture],
    'vcpu-info.default-vcpus': ({ vcpus }) => [String(vcpus)],
    'memory-info.size-in-mib': ({ memoryMib }) => [String(memoryMib)],
    'current-generation': () => ['true'],
  });
  const names: ReadonlySet<string> | undefined = request.InstanceTypes && new Set(request.InstanceTypes);
  const wanted = [...INSTANCE_TYPES.values()].filter((type) => (names?.has(type.name) ?? true) && matches(type));
  const limits = { least: 5, most: 100, usual: 100, badToken: 'InvalidParameterValue' };
  const page = pageOf(wanted, request, ({ name }) => name, limits);
  return {
    InstanceTypes: page.items.map(describe),
    ...(page.NextToken !== undefined && { NextToken: page.NextToken }),
  };
}

function describe({ name, architecture, vcpus, memoryMib, gpus }: InstanceTypeRecord): InstanceTypeInfo {
  return {
    InstanceType: name as _InstanceType,
    CurrentGeneration: true,
    BareMetal: false,
    Hypervisor: 'nitro',
    SupportedUsageClasses: ['on-demand', 'spot'],
    SupportedRootDeviceTypes: ['ebs'],
    SupportedVirtualizationTypes: ['hvm'],
    ProcessorInfo: { SupportedArchitectures: [architecture] },
    VCpuInfo: { DefaultVCpus: vcpus },
    MemoryInfo: { SizeInMiB: memoryMib },
    EbsInfo: { EbsOptimizedSupport: 'default' },
    ...(gpus > 0 && { GpuInfo: { Gpus: [{ Count: gpus, Manufacturer: 'NVIDIA' }] } }),
  };
}
