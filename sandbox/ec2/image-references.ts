import type {
  DescribeImageReferencesRequest,
  DescribeImageReferencesResult,
  ImageReference,
  ImageReferenceResourceType,
  ResourceTypeRequest,
} from '@aws-sdk/client-ec2';
import { AwsError } from '../wire/aws-error.js';
import type { Caller } from '../wire/operation.js';
import { pageOf } from '../wire/paging.js';
import type { World } from '../world.js';
import { visibleInstances } from './instance-lookup.js';
import { ownLaunchTemplates } from './launch-templates.js';
import { versionsOf } from './launch-template-versions.js';

/** How many of a launch template's newest versions are looked at unless the request says (`UG:ec2-ami-references`). */
const USUAL_VERSION_DEPTH = 10;
const LIMITS = { least: 5, most: 1000, usual: 1000, badToken: 'InvalidParameterValue' };

interface Search {
  readonly world: World;
  readonly caller: Caller;
  readonly imageIds: readonly string[];
  /** `state-name` or `version-depth` of the request for that resource type. */
  readonly option: (name: string) => readonly string[] | undefined;
}

type Found = Pick<ImageReference, 'ImageId' | 'Arn'>;

const SEARCHES: Readonly<Record<ImageReferenceResourceType, (search: Search) => readonly Found[]>> = {
  'ec2:Instance': ({ world, caller, imageIds, option }) =>
    visibleInstances(world, caller)
      .filter(({ imageId, state }) => imageIds.includes(imageId) && (option('state-name')?.includes(state) ?? true))
      .map(({ id, imageId, region, owner }) => ({
        ImageId: imageId,
        Arn: `arn:aws:ec2:${region}:${owner}:instance/${id}`,
      })),
  'ec2:LaunchTemplate': ({ world, caller, imageIds, option }) => {
    const depth = Number(option('version-depth')?.[0] ?? USUAL_VERSION_DEPTH);
    return ownLaunchTemplates(world, caller).flatMap((template) => {
      const named = new Set(
        versionsOf(template)
          .slice(-depth)
          .map(({ data }) => data.ImageId),
      );
      const arn = `arn:aws:ec2:${template.region}:${template.owner}:launch-template/${template.id}`;
      return imageIds.filter((id) => named.has(id)).map((ImageId) => ({ ImageId, Arn: arn }));
    });
  },
  'ssm:Parameter': ({ world, caller, imageIds }) =>
    Object.values(world.state.parameters)
      .filter(({ owner, region }) => owner === caller.account && region === caller.region)
      .filter(({ dataType, value }) => dataType === 'aws:ec2:image' && imageIds.includes(value))
      .map(({ name, value, region, owner }) => ({
        ImageId: value,
        Arn: `arn:aws:ssm:${region}:${owner}:parameter${name.startsWith('/') ? '' : '/'}${name}`,
      })),
  // There is no Image Builder here, so nothing of it refers to an image.
  'imagebuilder:ImageRecipe': () => [],
  'imagebuilder:ContainerRecipe': () => [],
};

const RESOURCE_TYPES = Object.keys(SEARCHES) as ImageReferenceResourceType[];

/** What the account has that refers to the images; they need not exist any more. */
export function describeImageReferences(
  world: World,
  request: DescribeImageReferencesRequest,
  caller: Caller,
): DescribeImageReferencesResult {
  const { ImageIds: imageIds = [], ResourceTypes = [], IncludeAllResourceTypes = false } = request;
  if (IncludeAllResourceTypes === ResourceTypes.length > 0) {
    throw new AwsError(
      'InvalidParameterCombination',
      'Specify either IncludeAllResourceTypes or ResourceTypes, but not both.',
    );
  }
  const asked: readonly ResourceTypeRequest[] = IncludeAllResourceTypes
    ? RESOURCE_TYPES.map((ResourceType) => ({ ResourceType }))
    : ResourceTypes;
  const references = asked.flatMap(({ ResourceType, ResourceTypeOptions = [] }): readonly ImageReference[] => {
    if (ResourceType === undefined) return [];
    const option = (name: string): readonly string[] | undefined =>
      ResourceTypeOptions.find(({ OptionName }) => OptionName === name)?.OptionValues;
    return SEARCHES[ResourceType]({ world, caller, imageIds, option }).map((found) => ({ ...found, ResourceType }));
  });
  const page = pageOf(
    references,
    request,
    ({ ImageId, ResourceType, Arn }) => `${ImageId} ${ResourceType} ${Arn}`,
    LIMITS,
  );
  return {
    ImageReferences: [...page.items],
    ...(page.NextToken !== undefined && { NextToken: page.NextToken }),
  };
}
