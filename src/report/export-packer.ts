import { sourceOf } from '../template/base-sources.js';
import type { Architecture, BaseReference, Layer } from '../template/layer.js';
import { endMark } from './end-mark.js';

export interface PackerExport {
  readonly layer: Layer;
  readonly architecture: Architecture;
  readonly base: BaseReference;
  readonly region: string | undefined;
  readonly instanceType: string;
  readonly imageName: string;
  /** What to run on the instance, as root. */
  readonly script: string;
}

/** A layer's chain as a Packer template (HCL) for the builder amazon-ebs. */
export function renderPacker({
  layer,
  architecture,
  base,
  region,
  instanceType,
  imageName,
  script,
}: PackerExport): string {
  const source = sourceBlock(base, architecture);
  const name = layer.name;
  const { volumeGb, volumeIops, volumeThroughput } = layer.builder;
  const volume = [
    ['device_name', 'var.root_device'],
    ['volume_type', '"gp3"'],
    ['volume_size', volumeGb],
    ['iops', volumeIops],
    ['throughput', volumeThroughput],
    ['delete_on_termination', 'true'],
  ].filter(([, value]) => value !== undefined);
  const inline = template(script.trimEnd());
  const end = endMark(inline);
  return `# ${name}/${architecture} with all it stands on, as one image. Made by ami-layers export.
packer {
  required_plugins {
    amazon = {
      source  = "github.com/hashicorp/amazon"
      version = ">= 1.3.0"
    }
  }
}

variable "region" {
  type    = string
  default = ${text(region ?? 'us-east-1')}
}

variable "ssh_username" {
  type    = string
  default = ${text(userOf(base))}
}
${
  volumeGb === undefined
    ? ''
    : `
variable "root_device" {
  type    = string
  default = "/dev/xvda"
}
`
}${source.data}
source "amazon-ebs" ${text(name)} {
  region        = var.region
  instance_type = ${text(instanceType)}
  ami_name      = ${text(imageName)}
  ssh_username  = var.ssh_username
${source.argument}
  metadata_options {
    http_endpoint = "enabled"
    http_tokens   = "required"
  }
${
  volumeGb === undefined
    ? ''
    : `
  launch_block_device_mappings {
${volume.map(([key, value]) => `    ${String(key)} = ${String(value)}\n`).join('')}  }
`
}
  tags = {
${Object.entries({ ...layer.tags, Name: name })
  .map(([key, value]) => `    ${text(key)} = ${text(value)}\n`)
  .join('')}  }
}

build {
  sources = [${text(`source.amazon-ebs.${name}`)}]

  provisioner "shell" {
    inline_shebang  = "/bin/bash"
    execute_command = "chmod +x {{ .Path }}; sudo -n {{ .Path }}"
    inline = [<<${end}
${inline}
${end}
    ]
  }
}
`;
}

interface SourceBlock {
  readonly data: string;
  readonly argument: string;
}

function sourceBlock(base: BaseReference, architecture: Architecture): SourceBlock {
  switch (base.kind) {
    case 'ami':
      return { data: '', argument: `  source_ami    = ${text(base.imageId)}\n` };
    case 'ssm':
      return fromParameter(base.parameter);
    case 'search':
      return newest(base.owner, { name: base.name, architecture });
    case 'marketplace':
      return newest('aws-marketplace', { 'product-code': base.productCode, architecture });
    case 'alias': {
      const source = sourceOf(base.alias, architecture);
      if (source === undefined) throw new Error(`no source of the base ${base.alias}`);
      return 'parameter' in source
        ? fromParameter(source.parameter)
        : newest(source.owner, { name: source.name, architecture });
    }
  }
}

function fromParameter(name: string): SourceBlock {
  return {
    data: `
data "amazon-parameterstore" "base" {
  name   = ${text(name)}
  region = var.region
}
`,
    argument: '  source_ami    = data.amazon-parameterstore.base.value\n',
  };
}

function newest(owner: string, filters: Readonly<Record<string, string>>): SourceBlock {
  const lines = Object.entries(filters).map(([key, value]) => `      ${text(key)} = ${text(value)}\n`);
  return {
    data: '',
    argument: `
  source_ami_filter {
    owners      = [${text(owner)}]
    most_recent = true
    filters = {
${lines.join('')}    }
  }
`,
  };
}

/** Who logs in where, as the vendors document it. */
const USERS: readonly (readonly [RegExp, string])[] = [
  [/ubuntu/, 'ubuntu'],
  [/^debian/, 'admin'],
  [/^rocky/, 'rocky'],
];

function userOf(base: BaseReference): string {
  const alias = base.kind === 'alias' ? base.alias : '';
  return USERS.find(([pattern]) => pattern.test(alias))?.[1] ?? 'ec2-user';
}

/** A quoted HCL string: JSON's escapes are HCL's but for two, and templates in it are none. */
function text(value: string): string {
  const json = JSON.stringify(value).replace(/\\(.)/g, (escape, char: string) => HCL_HAS_NOT[char] ?? escape);
  return template(json);
}

const HCL_HAS_NOT: Readonly<Record<string, string>> = { b: '\\u0008', f: '\\u000c' };

/** HCL takes `${` and `%{` for templates, doubled for themselves. */
function template(value: string): string {
  return value.replace(/\$\{/g, '$$$${').replace(/%\{/g, '%%{');
}
