import { z } from 'zod';
import * as form from './patterns.js';
import { looseText, text, wholeNumber } from './patterns.js';

const path = () => text(form.PATH, 'a path');
const kmsKey = () => text(form.KMS_KEY, 'a KMS key: its id, its ARN, or alias/…');
const lapse = () => text(form.LAPSE, 'a time in days such as 90d');
const id = (unit: string) => wholeNumber({ from: 0, to: 4_294_967_294, unit });

const secretName = () =>
  text(
    form.SECRET_NAME,
    'a name that ends in what it holds, such as NGC_KEY or REGISTRY_TOKEN (KEY, TOKEN, SECRET, PASSWORD, LICENSE, USER, …), and that no common program reads',
  );

const parameterSecret = z.strictObject({
  name: secretName().describe('The environment variable that steps find it in.'),
  ssm: text(form.PARAMETER, 'the name or ARN of a parameter').describe('A Systems Manager parameter.'),
});

const managedSecret = z.strictObject({
  name: secretName().describe('The environment variable that steps find it in.'),
  secretsmanager: text(form.MANAGED_SECRET, 'the name or ARN of a secret').describe('A Secrets Manager secret.'),
});

export const secret = z.union([parameterSecret, managedSecret]);

export const file = z.strictObject({
  source: path().describe('A file, a folder, or a glob pattern.'),
  destination: text(form.ABSOLUTE_PATH, 'an absolute path without ".."').describe(
    'Where it goes: the path of the file, or a folder for several; with a slash at the end it is a folder.',
  ),
  mode: looseText(form.MODE, 'a mode in octal digits such as "0644"')
    .optional()
    .describe('Permissions; 0755 for what is executable and 0644 for the rest when not given.'),
  owner: looseText(form.OWNER, 'a user, or user:group')
    .default('root')
    .describe('User, or user:group; the user’s own group when only the user is given.'),
});

export const user = z.strictObject({
  name: text(form.USER_NAME, 'a user name: lower-case letters, digits, "_" and "-", at most 32').describe(
    'Name of the user, and of the group of its own.',
  ),
  uid: id('a user id').optional().describe('The next free one when not given.'),
  gid: id('a group id').optional().describe('Of the group of its own; the next free one when not given.'),
  groups: z
    .array(text(form.USER_NAME, 'a group name'))
    .default([])
    .describe('Further groups; made where they are missing.'),
  shell: text(form.ABSOLUTE_PATH, 'an absolute path').optional().describe('Login shell.'),
  home: text(form.ABSOLUTE_PATH, 'an absolute path').optional().describe('Home directory; it is made.'),
});

export const seal = z.strictObject({
  script: path().optional().describe('A script that runs after all steps, before the built-in clean-up.'),
  allow: z
    .array(text(form.ABSOLUTE_PATH, 'an absolute path'))
    .default([])
    .describe('Paths of credentials that the image may carry, here and in descendants; * is a wildcard.'),
});

export const encrypt = z.strictObject({
  kms_key: kmsKey().optional().describe('The key; the Region’s default EBS key when not given.'),
  region_kms_keys: z
    .record(text(form.REGION, 'a Region such as us-west-2'), kmsKey())
    .default({})
    .describe('Other keys for single Regions.'),
});

export const share = z.strictObject({
  accounts: z
    .array(looseText(/^\d{12}$/, 'an account number of 12 digits'))
    .default([])
    .describe('AWS accounts.'),
  organizations: z
    .array(text(form.ORGANIZATION, 'the ARN of an organization'))
    .default([])
    .describe('AWS organizations, by ARN.'),
  organizational_units: z
    .array(text(form.ORGANIZATIONAL_UNIT, 'the ARN of an organizational unit'))
    .default([])
    .describe('Organizational units, by ARN.'),
  public: z.boolean().default(false).describe('Everybody.'),
});

export const lifecycle = z.strictObject({
  keep: wholeNumber({ from: 1, to: 1000, unit: 'images' }).optional().describe('Newest images that are always kept.'),
  deprecate_after: lapse().optional().describe('Age at which an image is deprecated.'),
  delete_after: lapse().optional().describe('Age at which an image is removed.'),
});

export const auto = z.strictObject({
  enabled: z.boolean().default(true).describe('Whether scheduled runs look at the layer.'),
  popularity_threshold: wholeNumber({ from: 1, to: 1_000_000, unit: 'launches' })
    .optional()
    .describe('Launches after which an image is built ahead of need.'),
});

export const amiConfig = z.strictObject({
  strategy: z
    .enum(['ami_preferred', 'ami_required', 'ami_fallback'])
    .optional()
    .describe('Whether machines are launched from an image or provisioned by script.'),
  ami_mappings: z
    .record(
      text(form.REGION, 'a Region such as us-west-2'),
      text(form.IMAGE_ID, 'an image id such as ami-0123456789abcdef0'),
    )
    .default({})
    .describe('Images by Region that are used where they are.'),
  fallback_strategy: z
    .enum(['script_provisioning', 'cross_region', 'error'])
    .optional()
    .describe('What to do where there is no image.'),
  preferred_architecture: z.enum(['x86_64', 'arm64']).optional().describe('Where there are several.'),
});
