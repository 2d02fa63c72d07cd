import type {
  DisableImageDeprecationRequest,
  DisableImageDeprecationResult,
  DisableImageRequest,
  DisableImageResult,
  EnableImageDeprecationRequest,
  EnableImageDeprecationResult,
  EnableImageRequest,
  EnableImageResult,
} from '@aws-sdk/client-ec2';
import { AwsError } from '../wire/aws-error.js';
import type { Caller } from '../wire/operation.js';
import type { World } from '../world.js';
import { isPublic, requireOwnImage } from './image-lookup.js';

const MINUTE_MS = 60_000;
const PRIVATE_YEARS = 10;
/** Of a public image, counted from its creation. */
const PUBLIC_YEARS = 2;

/** Takes all launch permissions away for good (`UG:disable-an-ami`). Disabling twice changes nothing. */
export function disableImage(world: World, request: DisableImageRequest, caller: Caller): DisableImageResult {
  const image = requireOwnImage(world, caller, request.ImageId ?? '');
  if (image.state !== 'available' && image.state !== 'disabled') throw wrongState(image.id, 'disabled');
  image.state = 'disabled';
  image.launchPermissions = [];
  world.changed('images', image.id);
  return { Return: true };
}

export function enableImage(world: World, request: EnableImageRequest, caller: Caller): EnableImageResult {
  const image = requireOwnImage(world, caller, request.ImageId ?? '');
  if (image.state !== 'available' && image.state !== 'disabled') throw wrongState(image.id, 'enabled');
  image.state = 'available';
  world.changed('images', image.id);
  return { Return: true };
}

/** To the nearest minute, not in the past, and not too far off (`SDK`, `UG:ami-deprecate`). */
export function enableImageDeprecation(
  world: World,
  request: EnableImageDeprecationRequest,
  caller: Caller,
): EnableImageDeprecationResult {
  const image = requireOwnImage(world, caller, request.ImageId ?? '');
  const wanted = request.DeprecateAt?.getTime() ?? 0;
  if (wanted < world.now()) throw invalidDate('The date must be in the future.');
  if (wanted > addYears(world.now(), PRIVATE_YEARS)) {
    throw invalidDate(`The date must be at most ${PRIVATE_YEARS} years from now.`);
  }
  if (isPublic(image) && wanted > addYears(image.createdAt, PUBLIC_YEARS)) {
    throw invalidDate(`The date of a public AMI must be at most ${PUBLIC_YEARS} years after its creation.`);
  }
  image.deprecatedAt = Math.round(wanted / MINUTE_MS) * MINUTE_MS;
  world.changed('images', image.id);
  return { Return: true };
}

/** A public image has to be made private first (`UG:ami-deprecate`). */
export function disableImageDeprecation(
  world: World,
  request: DisableImageDeprecationRequest,
  caller: Caller,
): DisableImageDeprecationResult {
  const image = requireOwnImage(world, caller, request.ImageId ?? '');
  if (isPublic(image)) {
    throw new AwsError('OperationNotPermitted', `The deprecation of the public AMI ${image.id} cannot be cancelled.`);
  }
  image.deprecatedAt = undefined;
  world.changed('images', image.id);
  return { Return: true };
}

/** When an image that becomes public is deprecated by itself (`UG:ami-deprecate`). Milliseconds since the epoch. */
export function publicDeprecation(createdAt: number): number {
  return Math.round(addYears(createdAt, PUBLIC_YEARS) / MINUTE_MS) * MINUTE_MS;
}

function addYears(time: number, years: number): number {
  const date = new Date(time);
  return date.setUTCFullYear(date.getUTCFullYear() + years);
}

function invalidDate(why: string): AwsError {
  return new AwsError('InvalidParameterValue', `Invalid value for DeprecateAt. ${why}`);
}

function wrongState(id: string, participle: string): AwsError {
  return new AwsError(
    'InvalidAMIID.Unavailable',
    `The image ID '${id}' is not in a state from which it can be ${participle}`,
  );
}
