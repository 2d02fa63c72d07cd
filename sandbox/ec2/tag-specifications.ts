import type { Tag, TagSpecification } from '@aws-sdk/client-ec2';
import { AwsError } from '../wire/aws-error.js';

const MOST_TAGS = 50;
const LONGEST_KEY = 128;
const LONGEST_VALUE = 256;

/**
 * The tags that a creating call gives to resources of that type.
 *
 * @throws AwsError for a type that the call cannot tag, and for tags that EC2 does not take.
 */
export function tagsFor(
  type: string,
  specifications: readonly TagSpecification[] | undefined,
  allowed: readonly string[],
): Record<string, string> {
  const all = specifications ?? [];
  const wrong = all.find(({ ResourceType = '' }) => !allowed.includes(ResourceType));
  if (wrong !== undefined) {
    const name = wrong.ResourceType ?? '';
    throw new AwsError('InvalidParameterValue', `'${name}' is not a valid taggable resource type for this operation.`);
  }
  const tags = all.filter(({ ResourceType }) => ResourceType === type).flatMap(({ Tags = [] }) => Tags);
  return mergeTags({}, tags);
}

/** @throws AwsError InvalidParameterValue, TagLimitExceeded. */
export function mergeTags(present: Readonly<Record<string, string>>, added: readonly Tag[]): Record<string, string> {
  const merged = { ...present };
  for (const { Key = '', Value = '' } of added) {
    if (Key === '' || Key.length > LONGEST_KEY) {
      throw new AwsError('InvalidParameterValue', `Tag keys must be between 1 and ${LONGEST_KEY} characters long`);
    }
    if (/^aws:/i.test(Key)) {
      throw new AwsError('InvalidParameterValue', `Tag keys starting with 'aws:' are reserved for internal use`);
    }
    if (Value.length > LONGEST_VALUE) {
      throw new AwsError('InvalidParameterValue', `Tag values must be at most ${LONGEST_VALUE} characters long`);
    }
    merged[Key] = Value;
  }
  if (Object.keys(merged).length > MOST_TAGS) {
    throw new AwsError(
      'TagLimitExceeded',
      `You have reached the maximum number of tags allowed for this resource (${MOST_TAGS}).`,
    );
  }
  return merged;
}

export function describeTags(tags: Readonly<Record<string, string>>): Tag[] {
  return Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
}
