import { AMAZON_ACCOUNT_ID } from '../account.js';
import { lowerBound } from '../record-index.js';
import { INDEX_KEYS } from '../state-index.js';
import type { ImageRecord } from '../state.js';
import { AwsError } from '../wire/aws-error.js';
import type { Scope } from '../wire/operation.js';
import type { World } from '../world.js';
import { baseImage } from './base-image.js';

const LAUNCH_REPORT_DELAY_MS = 86_400_000;

/** The image of that id if the account may see it: its own, or one that it may launch. */
export function findImage(world: World, scope: Scope, id: string): ImageRecord | undefined {
  const image = imageOf(world, scope.region, id);
  return image !== undefined && isVisible(world, scope, image) ? image : undefined;
}

/** @throws AwsError InvalidAMIID.Malformed, InvalidAMIID.NotFound. */
export function requireImage(world: World, scope: Scope, id: string): ImageRecord {
  if (!/^ami-[0-9a-f]{8,17}$/.test(id)) {
    throw new AwsError('InvalidAMIID.Malformed', `Invalid id: "${id}" (expecting "ami-...")`);
  }
  const image = findImage(world, scope, id);
  if (image === undefined) throw new AwsError('InvalidAMIID.NotFound', `The image id '[${id}]' does not exist`);
  return image;
}

/** For what only the owner may do. @throws AwsError AuthFailure too, for an image that the account merely may launch. */
export function requireOwnImage(world: World, scope: Scope, id: string): ImageRecord {
  const image = requireImage(world, scope, id);
  if (image.owner !== scope.account) throw new AwsError('AuthFailure', `Not authorized for image:${image.id}`, 403);
  return image;
}

/** Ids in their order, with that of the Region's base image among them, which is in no index. */
export function withBaseImage(world: World, region: string, ids: readonly string[]): readonly string[] {
  const base = baseImage(world.base, region).id;
  const at = lowerBound(ids, base);
  return [...ids.slice(0, at), base, ...ids.slice(at)];
}

/** When the image was last launched, as far as EC2 has reported it yet (`SDK Image.LastLaunchedTime`). ISO 8601. */
export function reportedLaunch(world: World, { lastLaunchedAt }: ImageRecord): string | undefined {
  if (lastLaunchedAt === undefined || lastLaunchedAt + LAUNCH_REPORT_DELAY_MS > world.now()) return undefined;
  return new Date(lastLaunchedAt).toISOString();
}

/** Names are unique for an account and Region, whatever the state of the image that has it. */
export function findImageByName(world: World, { region, account }: Scope, name: string): ImageRecord | undefined {
  return world.index.images
    .idsOf(INDEX_KEYS.name(region, name))
    .map((id) => world.state.images[id])
    .find((image) => image?.owner === account);
}

/** Whatever the caller may see. */
export function imageOf(world: World, region: string, id: string): ImageRecord | undefined {
  const image = world.state.images[id];
  if (image?.region === region) return image;
  const base = baseImage(world.base, region);
  return base.id === id ? base : undefined;
}

/** A fresh id stays unknown for a moment (`DEV:eventual-consistency`). Organizations are not known here: they share with nobody. */
export function isVisible(world: World, { account }: Scope, image: ImageRecord): boolean {
  if (image.createdAt > world.now() - world.delays.imageVisibleMs) return false;
  return image.owner === account || isSharedWith(image, account);
}

export function isSharedWith({ launchPermissions }: ImageRecord, account: string): boolean {
  return launchPermissions.some(
    (permission) =>
      permission.kind === 'everybody' || (permission.kind === 'account' && permission.account === account),
  );
}

export function isPublic({ launchPermissions }: ImageRecord): boolean {
  return launchPermissions.some(({ kind }) => kind === 'everybody');
}

export function ownerAlias(account: string): string | undefined {
  return account === AMAZON_ACCOUNT_ID ? 'amazon' : undefined;
}
