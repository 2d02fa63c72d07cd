import type { GetImageAncestryRequest, GetImageAncestryResult, ImageAncestryEntry } from '@aws-sdk/client-ec2';
import type { Ancestor, ImageRecord } from '../state.js';
import type { Caller } from '../wire/operation.js';
import type { World } from '../world.js';
import { ownerAlias, requireImage } from './image-lookup.js';

/** Longest chain that AWS answers, the image itself included. */
const MOST_ENTRIES = 50;

/** The image, then its source, and so on; ends with an image of Amazon's, or where no source was recorded (`UG:ami-ancestry`). */
export function getImageAncestry(
  world: World,
  request: GetImageAncestryRequest,
  caller: Caller,
): GetImageAncestryResult {
  const image = requireImage(world, caller, request.ImageId ?? '');
  return { ImageAncestryEntries: ancestorsBelow(image).map(describeEntry) };
}

/** What an image made from this one has to remember: it may be asked when this one is long gone. */
export function ancestorsBelow(source: ImageRecord | undefined): readonly Ancestor[] {
  if (source === undefined) return [];
  const { id: imageId, owner, createdAt, sourceImageId, sourceRegion, ancestors } = source;
  return [{ imageId, owner, createdAt, sourceImageId, sourceRegion }, ...ancestors].slice(0, MOST_ENTRIES);
}

function describeEntry({ imageId, owner, createdAt, sourceImageId, sourceRegion }: Ancestor): ImageAncestryEntry {
  const alias = ownerAlias(owner);
  return {
    ImageId: imageId,
    CreationDate: new Date(createdAt),
    ...(alias !== undefined && { ImageOwnerAlias: alias }),
    ...(sourceImageId !== undefined && { SourceImageId: sourceImageId }),
    ...(sourceRegion !== undefined && { SourceImageRegion: sourceRegion }),
  };
}
