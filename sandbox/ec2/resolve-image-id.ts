import { findParameter, parseReference, versionOf } from '../ssm/find-parameter.js';
import { AwsError } from '../wire/aws-error.js';
import type { Scope } from '../wire/operation.js';
import type { World } from '../world.js';

const REFERENCE = /^resolve:ssm:(.+)$/;

/**
 * The image id that `resolve:ssm:<parameter>` or `resolve:ssm:<parameter>:<version>` stands for; any other text as it is
 * (`UG:using-systems-manager-parameter-to-find-AMI`).
 *
 * @throws AwsError SsmInvalidParameter, also for a parameter whose data type is text (aws/aws-cdk#26712).
 */
export function resolveImageId(world: World, scope: Scope, imageId: string): string {
  const alias = REFERENCE.exec(imageId)?.[1];
  if (alias === undefined) return imageId;
  const { name, version } = parseReference(alias);
  const newest = findParameter(world, scope, name);
  const parameter = newest && versionOf(newest, version);
  if (parameter === undefined) {
    throw new AwsError('SsmInvalidParameter', `The following aliases are invalid: ${alias}`);
  }
  if (parameter.dataType !== 'aws:ec2:image') {
    throw new AwsError(
      'SsmInvalidParameter',
      'Unsupported data type. The following parameter data types are supported: aws:ec2:image',
    );
  }
  return parameter.value;
}
