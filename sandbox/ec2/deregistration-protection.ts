import type {
  DisableImageDeregistrationProtectionRequest,
  DisableImageDeregistrationProtectionResult,
  EnableImageDeregistrationProtectionRequest,
  EnableImageDeregistrationProtectionResult,
} from '@aws-sdk/client-ec2';
import type { ImageRecord } from '../state.js';
import type { Caller } from '../wire/operation.js';
import type { World } from '../world.js';
import { requireOwnImage } from './image-lookup.js';

/** How long a protection with cooldown lasts after it was turned off (`UG:ami-deregistration-protection`). */
const COOLDOWN_MS = 86_400_000;

export function enableImageDeregistrationProtection(
  world: World,
  request: EnableImageDeregistrationProtectionRequest,
  caller: Caller,
): EnableImageDeregistrationProtectionResult {
  const image = requireOwnImage(world, caller, request.ImageId ?? '');
  image.protection = { kind: 'on', withCooldown: request.WithCooldown ?? false };
  world.changed('images', image.id);
  return { Return: describeProtection(world, image) };
}

export function disableImageDeregistrationProtection(
  world: World,
  request: DisableImageDeregistrationProtectionRequest,
  caller: Caller,
): DisableImageDeregistrationProtectionResult {
  const image = requireOwnImage(world, caller, request.ImageId ?? '');
  if (image.protection.kind === 'on') {
    image.protection = image.protection.withCooldown
      ? { kind: 'cooling-down', until: world.now() + COOLDOWN_MS }
      : { kind: 'off' };
    world.changed('images', image.id);
  }
  return { Return: describeProtection(world, image) };
}

export function isProtected(world: World, { protection }: ImageRecord): boolean {
  return protection.kind === 'on' || (protection.kind === 'cooling-down' && protection.until > world.now());
}

/** In the words of `Image.DeregistrationProtection`; those for the time of cooling down are the sandbox's own. */
export function describeProtection(world: World, image: ImageRecord): string {
  const { protection } = image;
  if (!isProtected(world, image)) return 'disabled';
  if (protection.kind === 'on') return protection.withCooldown ? 'enabled-with-cooldown' : 'enabled-without-cooldown';
  return 'disabled-with-cooldown';
}
