import type {
  CreateTagsRequest,
  DeleteTagsRequest,
  DescribeTagsRequest,
  DescribeTagsResult,
  ResourceType,
  TagDescription,
} from '@aws-sdk/client-ec2';
import { AwsError } from '../wire/aws-error.js';
import { makeFilter } from '../wire/filters.js';
import type { Caller } from '../wire/operation.js';
import { pageOf } from '../wire/paging.js';
import type { World } from '../world.js';
import { visibleImages } from './image-lookup.js';
import { requireInstances, visibleInstances } from './instance-lookup.js';
import { requireSnapshot, visibleSnapshots } from './snapshots.js';
import { mergeTags } from './tag-specifications.js';

interface Taggable {
  readonly id: string;
  tags: Record<string, string>;
}

const MOST_RESOURCES = 1000;

/** All resources are found before any is tagged. */
export function createTags(world: World, request: CreateTagsRequest, { region }: Caller): void {
  const resources = requireResources(world, region, request.Resources ?? []);
  const merged = resources.map((resource) => ({ resource, tags: mergeTags(resource.tags, request.Tags ?? []) }));
  for (const { resource, tags } of merged) resource.tags = tags;
  world.changed();
}

/** Without Tags all go; a tag without a value goes whatever its value; with one, only if it has that value (`SDK`). */
export function deleteTags(world: World, request: DeleteTagsRequest, { region }: Caller): void {
  for (const resource of requireResources(world, region, request.Resources ?? [])) {
    const isDeleted = (key: string, value: string): boolean =>
      request.Tags === undefined ||
      request.Tags.some((tag) => tag.Key === key && (tag.Value === undefined || tag.Value === value));
    resource.tags = Object.fromEntries(Object.entries(resource.tags).filter(([key, value]) => !isDeleted(key, value)));
  }
  world.changed();
}

export function describeTags(world: World, request: DescribeTagsRequest, { region }: Caller): DescribeTagsResult {
  const all: (TagDescription & { readonly tags: Record<string, string> })[] = [
    ...list('instance', visibleInstances(world, region)),
    ...list('image', visibleImages(world, region)),
    ...list('snapshot', visibleSnapshots(world, region)),
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

function requireResources(world: World, region: string, ids: readonly string[]): readonly Taggable[] {
  if (ids.length === 0) throw new AwsError('MissingParameter', 'The request must contain the parameter resourceIdSet');
  if (ids.length > MOST_RESOURCES) {
    throw new AwsError('InvalidParameterValue', `At most ${MOST_RESOURCES} resources can be tagged at once.`);
  }
  return ids.flatMap((id): readonly Taggable[] => {
    if (id.startsWith('i-')) return requireInstances(world, region, [id]);
    if (id.startsWith('snap-')) return [requireSnapshot(world, region, id)];
    if (!id.startsWith('ami-')) throw new AwsError('InvalidID', `The ID '${id}' is not valid`);
    const image = visibleImages(world, region).find((visible) => visible.id === id);
    if (image === undefined) throw new AwsError('InvalidAMIID.NotFound', `The image id '[${id}]' does not exist`);
    return [image];
  });
}
