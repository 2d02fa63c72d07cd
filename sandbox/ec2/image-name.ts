import { AwsError } from '../wire/aws-error.js';
import type { Scope } from '../wire/operation.js';
import type { World } from '../world.js';
import { findImageByName } from './image-lookup.js';

const NAME = /^[A-Za-z0-9()[\] ./\-'@_]{3,128}$/;

/** @throws AwsError InvalidAMIName.Malformed, InvalidAMIName.Duplicate whatever the state of the image that has the name. */
export function checkImageName(world: World, scope: Scope, name = ''): string {
  if (!NAME.test(name)) {
    throw new AwsError(
      'InvalidAMIName.Malformed',
      `AMI names must be between 3 and 128 characters long, and may contain letters, numbers, '(', ')', '.', '-', '/' and '_'`,
    );
  }
  const holder = findImageByName(world, scope, name);
  if (holder === undefined) return name;
  throw new AwsError('InvalidAMIName.Duplicate', `AMI name ${name} is already in use by AMI ${holder.id}`);
}
