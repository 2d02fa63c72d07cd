import type {
  CreateLaunchTemplateRequest,
  CreateLaunchTemplateResult,
  DeleteLaunchTemplateRequest,
  DeleteLaunchTemplateResult,
  DescribeLaunchTemplatesRequest,
  DescribeLaunchTemplatesResult,
  LaunchTemplate,
} from '@aws-sdk/client-ec2';
import { newId } from '../account.js';
import type { LaunchTemplateRecord } from '../state.js';
import { AwsError } from '../wire/aws-error.js';
import { makeFilter, type FilterFields } from '../wire/filters.js';
import type { Caller, Scope } from '../wire/operation.js';
import { pageOf } from '../wire/paging.js';
import type { World } from '../world.js';
import { madeBefore, rememberToken } from './client-tokens.js';
import { describeTags, tagsFor } from './tag-specifications.js';

const FILTERS: FilterFields<LaunchTemplateRecord> = {
  'launch-template-name': ({ name }) => [name],
  'create-time': ({ createdAt }) => [new Date(createdAt).toISOString()],
};

const LIMITS = { least: 1, most: 200, usual: 200, badToken: 'InvalidParameterValue' };

export interface TemplateName {
  readonly LaunchTemplateId?: string | undefined;
  readonly LaunchTemplateName?: string | undefined;
}

export function createLaunchTemplate(
  world: World,
  request: CreateLaunchTemplateRequest,
  caller: Caller,
): CreateLaunchTemplateResult {
  const { account: owner, region } = caller;
  const use = { scope: `${owner} CreateLaunchTemplate ${region}`, token: request.ClientToken, longest: 128, request };
  const earlier = world.state.launchTemplates[madeBefore(world, use) ?? ''];
  if (earlier !== undefined) return { LaunchTemplate: describeLaunchTemplate(earlier) };
  const { LaunchTemplateName: name = '', VersionDescription: description, LaunchTemplateData = {} } = request;
  if (ownLaunchTemplates(world, caller).some((template) => template.name === name)) {
    throw new AwsError('InvalidLaunchTemplateName.AlreadyExistsException', 'Launch template name already in use.');
  }
  const template: LaunchTemplateRecord = {
    id: newId('lt'),
    owner,
    region,
    name,
    createdAt: world.now(),
    versions: [{ description, data: { ...LaunchTemplateData } }],
    tags: tagsFor('launch-template', request.TagSpecifications, ['launch-template']),
  };
  world.state.launchTemplates[template.id] = template;
  world.changed('launchTemplates', template.id);
  rememberToken(world, use, template.id);
  return { LaunchTemplate: describeLaunchTemplate(template) };
}

export function deleteLaunchTemplate(
  world: World,
  request: DeleteLaunchTemplateRequest,
  caller: Caller,
): DeleteLaunchTemplateResult {
  const template = requireLaunchTemplate(world, caller, request);
  delete world.state.launchTemplates[template.id];
  world.changed('launchTemplates', template.id);
  return { LaunchTemplate: describeLaunchTemplate(template) };
}

export function describeLaunchTemplates(
  world: World,
  request: DescribeLaunchTemplatesRequest,
  caller: Caller,
): DescribeLaunchTemplatesResult {
  const { LaunchTemplateIds = [], LaunchTemplateNames = [], Filters } = request;
  const matches = makeFilter(Filters, FILTERS);
  const named = [
    ...LaunchTemplateIds.map((id) => requireLaunchTemplate(world, caller, { LaunchTemplateId: id })),
    ...LaunchTemplateNames.map((name) => requireLaunchTemplate(world, caller, { LaunchTemplateName: name })),
  ];
  const page = pageOf(
    (named.length > 0 ? named : ownLaunchTemplates(world, caller)).filter(matches),
    request,
    ({ id }) => id,
    LIMITS,
  );
  return {
    LaunchTemplates: page.items.map(describeLaunchTemplate),
    ...(page.NextToken !== undefined && { NextToken: page.NextToken }),
  };
}

export function ownLaunchTemplates(world: World, { account, region }: Scope): readonly LaunchTemplateRecord[] {
  return Object.values(world.state.launchTemplates).filter(
    (template) => template.owner === account && template.region === region,
  );
}

/** By id or by name, not both. @throws AwsError for none or both, and InvalidLaunchTemplateId.*, InvalidLaunchTemplateName.*. */
export function requireLaunchTemplate(world: World, scope: Scope, asked: TemplateName): LaunchTemplateRecord {
  const { LaunchTemplateId: id, LaunchTemplateName: name } = asked;
  if (id !== undefined && name !== undefined) {
    throw new AwsError(
      'InvalidParameterCombination',
      'You cannot specify both a launch template ID and a launch template name.',
    );
  }
  if (id === undefined && name === undefined) {
    throw new AwsError('MissingParameter', 'Either a launch template ID or a launch template name must be specified.');
  }
  if (id !== undefined && !/^lt-[0-9a-f]{8,17}$/.test(id)) {
    throw new AwsError('InvalidLaunchTemplateId.Malformed', `The launch template ID '${id}' is malformed`);
  }
  const found = ownLaunchTemplates(world, scope).find((template) => template.id === id || template.name === name);
  if (found !== undefined) return found;
  throw id === undefined
    ? new AwsError(
        'InvalidLaunchTemplateName.NotFoundException',
        `The specified launch template, with template name ${name}, does not exist.`,
      )
    : new AwsError(
        'InvalidLaunchTemplateId.NotFound',
        `The specified launch template, with template ID ${id}, does not exist.`,
      );
}

export function describeLaunchTemplate(template: LaunchTemplateRecord): LaunchTemplate {
  return {
    LaunchTemplateId: template.id,
    LaunchTemplateName: template.name,
    CreateTime: new Date(template.createdAt),
    CreatedBy: `arn:aws:iam::${template.owner}:user/sandbox`,
    DefaultVersionNumber: 1,
    LatestVersionNumber: template.versions.length,
    Tags: describeTags(template.tags),
  };
}
