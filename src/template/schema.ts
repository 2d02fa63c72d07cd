import { z } from 'zod';
import * as form from './patterns.js';
import { looseProse, looseText, prose, text, wholeNumber } from './patterns.js';
import { amiConfig, auto, encrypt, file, lifecycle, seal, secret, share, user } from './schema-settings.js';

const imageId = () => text(form.IMAGE_ID, 'an image id such as ami-0123456789abcdef0');
const region = () => text(form.REGION, 'a Region such as us-west-2');
const instanceType = () => text(form.INSTANCE_TYPE, 'an instance type such as c7i.large');
const path = () => text(form.PATH, 'a path');
const stepName = () => text(form.ONE_LINE, 'one line of at most 200 characters');

const pinnedParent = z.strictObject({
  ami: imageId().describe('The image to stand on.'),
  template: text(form.DESCRIPTION, 'a template file, or https://…#sha256= and 64 hex digits')
    .optional()
    .describe('What describes that image: a template file, or an https URL; it is read when `#sha256=…` is behind it.'),
});

const newestOf = z.strictObject({
  owner: looseText(/^(\d{12}|amazon|self|aws-marketplace)$/, 'an account number of 12 digits, or "amazon"').describe(
    'Who owns the image.',
  ),
  name: text(form.ONE_LINE, 'an image name').describe('Name of the image; * and ? are wildcards, the newest is taken.'),
});

const marketplace = z.strictObject({
  marketplace: looseText(/^[A-Za-z0-9]+$/, 'a product code').describe('Product code of an AWS Marketplace image.'),
});

const software = z.strictObject({
  packages: z
    .array(text(form.OS_PACKAGE, 'a package name'))
    .default([])
    .describe('Packages of the operating system: dnf, yum, apt or zypper, whichever the image has.'),
  spack_packages: z
    .array(text(form.SPACK_SPEC, 'a Spack spec such as gromacs@2023.1+mpi, without quotes'))
    .default([])
    .describe('Spack specs. A gcc in the list is installed first, and the rest is built with it.'),
  pip_packages: z
    .array(text(form.PIP_PACKAGE, 'a requirement such as numpy==1.26.4'))
    .default([])
    .describe('Python packages, installed into the virtual environment /opt/python.'),
  conda_packages: z
    .array(text(form.CONDA_PACKAGE, 'a conda package such as scipy=1.13'))
    .default([])
    .describe('Packages from conda-forge, installed into /opt/conda.'),
  spack_buildcache: text(form.BUILDCACHE_URL, 'a URL such as https://binaries.spack.io/v2025.11.0')
    .optional()
    .describe('A Spack build cache. What it has is downloaded instead of compiled; its signing keys are trusted.'),
});

const step = z.strictObject({
  name: stepName().optional().describe('What the log calls the step.'),
  run: prose('a command').optional().describe('Commands, run by bash with -euo pipefail, as root.'),
  script: path().optional().describe('A script file. Its content is part of the hash.'),
  inputs: z
    .array(path())
    .default([])
    .describe('Files the step needs beside it; glob patterns. Their content is part of the hash.'),
  timeout_minutes: wholeNumber({ from: 1, to: 2880, unit: 'minutes' })
    .optional()
    .describe("How long the step may take; without it the builder's timeout is the only limit."),
  reboot: z.boolean().default(false).describe('Reboot after the step, and go on with the next.'),
});

const check = z.strictObject({
  name: stepName().optional().describe('What the log calls the check.'),
  run: prose('a command').describe('A command on a fresh instance of the new image.'),
  exit_code: wholeNumber({ from: 0, to: 255, unit: 'an exit code' }).default(0).describe('The exit code it must have.'),
  contains: looseProse().optional().describe('Text that its output must contain.'),
  equals: looseProse().optional().describe('What its output must be, apart from white space around it.'),
  matches: looseText(form.ONE_LINE, 'a regular expression on one line')
    .optional()
    .describe('A POSIX extended regular expression that a line of its output must match.'),
});

const validate = z.strictObject({
  instance_type: instanceType().optional().describe('Type of the test instance; as the builder when not given.'),
  inherit: z.boolean().default(true).describe("Run the ancestors' checks too."),
  script: path().optional().describe('A script that must succeed on a fresh instance of the new image.'),
  inputs: z.array(path()).default([]).describe('Files that the script and the checks need beside them; glob patterns.'),
  checks: z.array(check).default([]).describe('Commands and what their output must be.'),
});

/** Volume limits are those of gp3 (EBS User Guide, "General Purpose SSD volumes"). */
const builder = z.strictObject({
  instance_types: z.array(instanceType()).default([]).describe('Types to build on, in order of preference.'),
  volume_gb: wholeNumber({ from: 1, to: 65_536, unit: 'GiB' }).optional().describe('Size of the root volume.'),
  volume_iops: wholeNumber({ from: 3000, to: 80_000, unit: 'IOPS' }).optional().describe('IOPS of the root volume.'),
  volume_throughput: wholeNumber({ from: 125, to: 2000, unit: 'MiB/s' })
    .optional()
    .describe('Throughput of the root volume.'),
  spot: z.boolean().default(false).describe('Build on a Spot instance where there is one.'),
  timeout_minutes: wholeNumber({ from: 1, to: 2880, unit: 'minutes' })
    .default(480)
    .describe('How long building the layer may take.'),
});

const cluster = z.strictObject({
  name: z.string().optional().describe("ParallelCluster's cluster name; the layer is called `name`."),
  region: region().optional().describe('Where the image is built when `regions` does not say.'),
  os: z.string().optional().describe("ParallelCluster's name of the operating system."),
});

/** The template language as this version understands it. Every default is here and nowhere else. */
export const templateSchema = z.strictObject({
  name: text(form.LAYER_NAME, form.LAYER_NAME_EXPECTATION)
    .optional()
    .describe('Name of the layer; the file name without its ending when not given.'),
  version: text(form.SEMVER, 'a semantic version such as 2.1.0')
    .optional()
    .describe('Semantic version, part of the image name. Changing it alone rebuilds nothing.'),
  description: z.string().optional().describe('One line for readers.'),
  extends: z
    .union([text(form.PARENT, 'a template file or a layer name'), pinnedParent])
    .optional()
    .describe('The layer this one stands on: a file relative to this one, a layer name, or {ami: ami-…}.'),
  base: z
    .union([text(form.BASE, 'one of the base images, ami-…, or ssm:/…'), newestOf, marketplace])
    .default('al2023')
    .describe('The vendor image under a root layer.'),
  architectures: z
    .array(z.enum(['x86_64', 'arm64']))
    .min(1, { error: 'at least one architecture' })
    .optional()
    .describe("Each architecture gets an image of its own; the parent's, or x86_64, when not given."),
  gpu: z.boolean().optional().describe('The layer needs a GPU; as the parent when not given.'),
  env: z
    .record(
      text(
        form.VARIABLE_NAME,
        'a variable name: letters, digits and underscores, no digit first, and none that bash sets itself',
      ),
      looseProse(),
    )
    .default({})
    .describe(
      'Environment variables for every step and check, here and in descendants; `$NAME` is what was there before.',
    ),
  secrets: z
    .array(secret)
    .default([])
    .describe(
      'Secrets for the steps; read on the builder. Their names and ids are in the hash, their values are not, nor in a tag, the log or the image.',
    ),
  users: z.array(user).default([]).describe('Users of the system; they are made before everything else.'),
  files: z.array(file).default([]).describe('Files to put on the disk, before the software is installed.'),
  software: software.prefault({}).describe('What to install before the steps run.'),
  provision: z.array(step).default([]).describe('Steps, run in order after the software is installed.'),
  seal: seal.prefault({}).describe('What to remove before the image is made.'),
  validate: validate.prefault({}).describe('What must hold on a fresh instance before the image counts.'),
  builder: builder.prefault({}).describe('The instance the layer is built on. Changing its type rebuilds nothing.'),
  regions: z
    .array(region())
    .min(1, { error: 'at least one Region' })
    .optional()
    .describe('Where the image is wanted; it is built in the first.'),
  encrypt: encrypt.optional().describe('Encrypts the image with a KMS key.'),
  share: share.optional().describe('Who may launch the image.'),
  lifecycle: lifecycle.optional().describe('How long images are kept.'),
  auto: auto.optional().describe('What scheduled runs do with the layer.'),
  ami_config: amiConfig.optional().describe('How an image is chosen when machines are launched.'),
  tags: z
    .record(
      text(form.TAG_KEY, 'a tag key of at most 128 characters that does not start with "aws:" or "ami-layers:"'),
      looseText(form.TAG_VALUE, 'a tag value of at most 256 characters'),
    )
    .default({})
    .describe('Tags of the image and its snapshots.'),
  cluster: cluster.prefault({}).describe('ParallelCluster settings; only the Region is used.'),
  compute: z.unknown().optional().describe('ParallelCluster settings; accepted as they are, not used.'),
  data: z
    .unknown()
    .optional()
    .describe('ParallelCluster settings; accepted as they are. Its `s3_mounts` are kept in a tag of the image.'),
});

/** A template as written, checked, with defaults filled in. */
export type Template = z.output<typeof templateSchema>;

/** Keys whose values stay as they are written: `"4.10"` and `4.10` are the same there. */
export const TEXT_KEYS: ReadonlySet<string> = new Set([
  'env',
  'tags',
  'owner',
  'marketplace',
  'mode',
  'accounts',
  'contains',
  'equals',
  'matches',
]);
