import { MACHINE_ARCHITECTURE, type Architecture } from '../account.js';
import { baseImage } from '../ec2/base-image.js';
import type { Base } from '../machine/base.js';
import type { ParameterRecord } from '../state.js';

interface Names {
  /** `x86_64` or `arm64`. */
  readonly aws: Architecture;
  /** What Debian and Ubuntu call it. */
  readonly debian: 'amd64' | 'arm64';
}

const NAMES: Readonly<Record<Architecture, Names>> = {
  x86_64: { aws: 'x86_64', debian: 'amd64' },
  arm64: { aws: 'arm64', debian: 'arm64' },
};

/** Those that `resolve:ssm:` in a launch can be used with (canonical/ubuntu-cloud-docs#201 for Ubuntu's). */
const LAUNCHABLE = /^\/aws\/service\/(ami-amazon-linux-latest|canonical)\//;

/** Names of the public parameters for base images, by architecture (behaviour-commands.md, Parameters). */
function namesFor({ aws, debian }: Names): readonly string[] {
  const ecs = aws === 'arm64' ? 'arm64/' : '';
  return [
    ...['kernel-default', 'kernel-6.1'].flatMap((kernel) =>
      ['', 'minimal-'].map((size) => `/aws/service/ami-amazon-linux-latest/al2023-ami-${size}${kernel}-${aws}`),
    ),
    `/aws/service/ami-amazon-linux-latest/amzn2-ami-hvm-${aws}-gp2`,
    `/aws/service/ami-amazon-linux-latest/amzn2-ami-kernel-5.10-hvm-${aws}-gp2`,
    `/aws/service/canonical/ubuntu/server/24.04/stable/current/${debian}/hvm/ebs-gp3/ami-id`,
    `/aws/service/canonical/ubuntu/server/22.04/stable/current/${debian}/hvm/ebs-gp2/ami-id`,
    ...['13', '12', 'trixie', 'bookworm'].map((release) => `/aws/service/debian/release/${release}/latest/${debian}`),
    ...['ubuntu-22.04', 'amazon-linux-2023'].map(
      (os) => `/aws/service/deeplearning/ami/${aws}/base-oss-nvidia-driver-gpu-${os}/latest/ami-id`,
    ),
    `/aws/service/ecs/optimized-ami/amazon-linux-2023/${ecs}recommended/image_id`,
  ];
}

/**
 * AWS's public parameters, as far as the sandbox has them: all answer the sandbox's base image. Those of the other
 * architecture do not exist here, because such an image could not run.
 */
export function publicParameters(base: Base, region: string): readonly ParameterRecord[] {
  const image = baseImage(base, region);
  return namesFor(NAMES[MACHINE_ARCHITECTURE]).map((name) => ({
    owner: image.owner,
    region,
    name,
    type: 'String',
    value: image.id,
    dataType: LAUNCHABLE.test(name) ? 'aws:ec2:image' : 'text',
    version: 1,
    modifiedAt: image.createdAt,
    earlier: [],
  }));
}
