import type {
  CreateTagsRequest,
  DeleteTagsRequest,
  DescribeTagsRequest,
  DescribeTagsResult,
  ResourceType,
  TagDescription,
} from '@aws-sdk/client-ec2';
import { INDEX_KEYS } from '../state-index.js';
import type { ImageRecord } from '../state.js';
import { AwsError } from '../wire/aws-error.js';
import { makeFilter } from '../wire/filters.js';
import type { Caller } from '../wire/operation.js';
import { pageOf } from '../wire/paging.js';
import type { World } from '../world.js';
import { imageOf, requireOwnImage } from './image-lookup.js';
import { requireInstances, visibleInstances } from './instance-lookup.js';
import { ownSnapshots, requireOwnSnapshot } from './snapshots.js';
import { ownLaunchTemplates, requireLaunchTemplate } from './launch-templates.js';
import { mergeTags } from './tag-specifications.js';

interface Taggable {
  readonly owner: string;
  readonly id: string;
  tags: Record<string, string>;
}

const MOST_RESOURCES = 1000;

/** All resources are found before any is tagged. */
export function createTags(world: World, request: CreateTagsRequest, caller: Caller): void {
  const resources = requireResources(world, caller, request.Resources ?? []);
  const merged = resources.map((resource) => ({ resource, tags: mergeTags(resource.tags, request.Tags ?? []) }));
  for (const { resource, tags } of merged) setTags(world, resource, tags);
}

/** Without Tags all go; a tag without a value goes whatever its value; with one, only if it has that value (`SDK`). */
export function deleteTags(world: World, request: DeleteTagsRequest, caller: Caller): void {
  for (const resource of requireResources(world, caller, request.Resources ?? [])) {
    const isDeleted = (key: string, value: string): boolean =>
      request.Tags === undefined ||
      request.Tags.some((tag) => tag.Key === key && (tag.Value === undefined || tag.Value === value));
    const kept = Object.entries(resource.tags).filter(([key, value]) => !isDeleted(key, value));
    setTags(world, resource, Object.fromEntries(kept));
  }
}

function setTags(world: World, resource: Taggable, tags: Record<string, string>): void {
  resource.tags = tags;
  world.changed(tableOf(resource.id), resource.id);
}

function tableOf(id: string): 'instances' | 'images' | 'snapshots' | 'launchTemplates' {
  if (id.startsWith('i-')) return 'instances';
  if (id.startsWith('ami-')) return 'images';
  return id.startsWith('snap-') ? 'snapshots' : 'launchTemplates';
}

export function describeTags(world: World, request: DescribeTagsRequest, caller: Caller): DescribeTagsResult {
  const isAsked = makeFilter<Taggable>(
    request.Filters?.filter(({ Name }) => Name === 'resource-id'),
    { 'resource-id': ({ id }) => [id] },
  );
  const all: (TagDescription & { readonly tags: Record<string, string> })[] = [
    ...list('instance', visibleInstances(world, caller).filter(isAsked)),
    ...list('image', ownImages(world, caller).filter(isAsked)),
    ...list('snapshot', ownSnapshots(world, caller).filter(isAsked)),
    ...list('launch-template', ownLaunchTemplates(world, caller).filter(isAsked)),
  ];
  const matches = makeFilter<(typeof all)[number]>(request.Filters, {
    'resource-id': ({ ResourceId }) => [ResourceId],
    'resource-type': ({ ResourceType }) => [ResourceType],
    key: ({ Key }) => [Key],
    value: ({ Value }) => [Value],
  });
  const page = pageOf(all.filter(matches), request, ({ ResourceId, Key }) => `${ResourceId} ${Key}`);
  return { Tags: [...page.items], ...(page.NextToken !== undefined && { NextToken: page.NextToken }) };
}

function list(
  type: ResourceType,
  resources: readonly Taggable[],
): (TagDescription & { tags: Record<string, string> })[] {
  return resources.flatMap(({ id, tags }) =>
    Object.entries(tags).map(([Key, Value]) => ({
      ResourceId: id,
      ResourceType: type,
      Key,
      Value,
      tags: { [Key]: Value },
    })),
  );
}

function requireResources(world: World, caller: Caller, ids: readonly string[]): readonly Taggable[] {
  if (ids.length === 0) throw new AwsError('MissingParameter', 'The request must contain the parameter resourceIdSet');
  if (ids.length > MOST_RESOURCES) {
    throw new AwsError('InvalidParameterValue', `At most ${MOST_RESOURCES} resources can be tagged at once.`);
  }
  return ids.flatMap((id): readonly Taggable[] => {
    if (id.startsWith('i-')) return requireInstances(world, caller, [id]);
    if (id.startsWith('snap-')) return [requireOwnSnapshot(world, caller, id)];
    if (id.startsWith('lt-')) return [requireLaunchTemplate(world, caller, { LaunchTemplateId: id })];
    if (!id.startsWith('ami-')) throw new AwsError('InvalidID', `The ID '${id}' is not valid`);
    return [requireOwnImage(world, caller, id)];
  });
}

function ownImages(world: World, { region, account }: Caller): readonly ImageRecord[] {
  return world.index.images.idsOf(INDEX_KEYS.region(region)).flatMap((id) => {
    const image = imageOf(world, region, id);
    return image?.owner === account ? image : [];
  });
}
