import type { ImageRecord } from '../state.js';
import { AwsError } from '../wire/aws-error.js';
import type { World } from '../world.js';
import { machineImage } from './machine-image.js';

/** The images that a Region's caller can see, the base image among them. */
export function visibleImages(world: World, region: string): readonly ImageRecord[] {
  const visibleFrom = world.now() - world.delays.imageVisibleMs;
  const own = Object.values(world.state.images).filter(
    (image) => image.region === region && image.createdAt <= visibleFrom,
  );
  return [...own, machineImage(region)];
}

export function findImage(world: World, region: string, id: string): ImageRecord | undefined {
  return visibleImages(world, region).find((image) => image.id === id);
}

/** @throws AwsError InvalidAMIID.Malformed, InvalidAMIID.NotFound. */
export function requireImage(world: World, region: string, id: string): ImageRecord {
  if (!/^ami-[0-9a-f]{8,17}$/.test(id)) {
    throw new AwsError('InvalidAMIID.Malformed', `Invalid id: "${id}" (expecting "ami-...")`);
  }
  const image = findImage(world, region, id);
  if (image === undefined) throw new AwsError('InvalidAMIID.NotFound', `The image id '[${id}]' does not exist`);
  return image;
}

/** The base image belongs to Amazon; every other one to the account. */
export function isOwn(world: World, image: ImageRecord): boolean {
  return world.state.images[image.id] !== undefined;
}
