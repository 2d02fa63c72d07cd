import type {
  DescribeLaunchTemplateVersionsRequest,
  DescribeLaunchTemplateVersionsResult,
  LaunchTemplateVersion,
} from '@aws-sdk/client-ec2';
import type { LaunchTemplateData, LaunchTemplateRecord } from '../state.js';
import { AwsError } from '../wire/aws-error.js';
import { makeFilter } from '../wire/filters.js';
import type { Caller } from '../wire/operation.js';
import { pageOf } from '../wire/paging.js';
import type { World } from '../world.js';
import { ownLaunchTemplates, requireLaunchTemplate } from './launch-templates.js';

export interface TemplateVersion {
  readonly template: LaunchTemplateRecord;
  /** From 1. */
  readonly number: number;
  readonly data: LaunchTemplateData;
  readonly tags: Readonly<Record<string, string>>;
}

const LIMITS = { least: 1, most: 200, usual: 200, badToken: 'InvalidParameterValue' };

/** Of one template, or with `$Latest` or `$Default` and no template named, of all the account's (`SDK`). */
export function describeLaunchTemplateVersions(
  world: World,
  request: DescribeLaunchTemplateVersionsRequest,
  caller: Caller,
): DescribeLaunchTemplateVersionsResult {
  const { LaunchTemplateId, LaunchTemplateName, Versions = [], MinVersion, MaxVersion, Filters } = request;
  const isNamed = LaunchTemplateId !== undefined || LaunchTemplateName !== undefined;
  const isAll = !isNamed && Versions.length > 0 && Versions.every((version) => ALIASES.includes(version));
  const templates = isAll ? ownLaunchTemplates(world, caller) : [requireLaunchTemplate(world, caller, request)];
  const matches = makeFilter<TemplateVersion>(Filters, {
    'image-id': ({ data }) => [textOf(data.ImageId)],
    'instance-type': ({ data }) => [textOf(data.InstanceType)],
    'is-default-version': ({ number }) => [String(number === 1)],
    'create-time': ({ template }) => [new Date(template.createdAt).toISOString()],
  });
  const inRange = ({ number }: TemplateVersion): boolean =>
    number >= Number(MinVersion ?? 1) && number <= Number(MaxVersion ?? Number.MAX_SAFE_INTEGER);
  const wanted = templates.flatMap((template) =>
    Versions.length === 0
      ? versionsOf(template).filter(inRange)
      : Versions.map((version) => requireVersion(template, version)),
  );
  const idOf = ({ template, number }: TemplateVersion): string => `${template.id} ${String(number).padStart(6, '0')}`;
  const page = pageOf(wanted.filter(matches), request, idOf, LIMITS);
  return {
    LaunchTemplateVersions: page.items.map(describeVersion),
    ...(page.NextToken !== undefined && { NextToken: page.NextToken }),
  };
}

const ALIASES = ['$Latest', '$Default'];

export function versionsOf(template: LaunchTemplateRecord): readonly TemplateVersion[] {
  return template.versions.map(({ data }, index) => ({ template, number: index + 1, data, tags: {} }));
}

/** By number, `$Latest` or `$Default`. @throws AwsError InvalidLaunchTemplateId.VersionNotFound. */
export function requireVersion(template: LaunchTemplateRecord, version = '$Default'): TemplateVersion {
  const number = version === '$Latest' ? template.versions.length : version === '$Default' ? 1 : Number(version);
  const found = versionsOf(template).find((each) => each.number === number);
  if (found !== undefined) return found;
  throw new AwsError(
    'InvalidLaunchTemplateId.VersionNotFound',
    `Could not find launch template version ${version} of launch template ${template.id}`,
  );
}

function describeVersion({ template, number, data }: TemplateVersion): LaunchTemplateVersion {
  const description = template.versions[number - 1]?.description;
  return {
    LaunchTemplateId: template.id,
    LaunchTemplateName: template.name,
    VersionNumber: number,
    ...(description !== undefined && { VersionDescription: description }),
    CreateTime: new Date(template.createdAt),
    CreatedBy: `arn:aws:iam::${template.owner}:user/sandbox`,
    DefaultVersion: number === 1,
    LaunchTemplateData: data,
  };
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
