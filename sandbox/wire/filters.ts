import type { Filter } from '@aws-sdk/client-ec2';
import { AwsError } from './aws-error.js';

/** What a filter of that name is compared with. A resource may have several values (tag keys), or none. */
export type FilterFields<Resource> = Readonly<Record<string, (resource: Resource) => readonly (string | undefined)[]>>;

export interface Tagged {
  readonly tags: Readonly<Record<string, string>>;
}

/** `UG:Using_Filtering`: values of one filter are alternatives, filters all have to hold. */
const MOST_VALUES = 200;
const MOST_FILTERS = 50;

/**
 * The test that a resource has to pass for the given filters.
 *
 * @throws AwsError FilterLimitExceeded above 200 values, InvalidParameterValue for a filter that does not exist.
 */
export function makeFilter<Resource extends Tagged>(
  filters: readonly Filter[] | undefined,
  fields: FilterFields<Resource>,
): (resource: Resource) => boolean {
  if ((filters?.length ?? 0) > MOST_FILTERS) throw limitExceeded(`filters is ${MOST_FILTERS}`);
  const tests = (filters ?? []).map(({ Name = '', Values = [] }) => {
    if (Values.length > MOST_VALUES) throw limitExceeded(`filter values is ${MOST_VALUES}`);
    const valuesOf = Object.hasOwn(fields, Name) ? fields[Name] : tagValues(Name);
    if (valuesOf === undefined) throw new AwsError('InvalidParameterValue', `The filter '${Name}' is invalid`);
    const matches = matcherFor(Values);
    return (resource: Resource) => valuesOf(resource).some((value) => value !== undefined && matches(value));
  });
  return (resource) => tests.every((test) => test(resource));
}

function tagValues(name: string): ((resource: Tagged) => readonly (string | undefined)[]) | undefined {
  if (name === 'tag-key') return ({ tags }) => Object.keys(tags);
  if (!name.startsWith('tag:')) return undefined;
  const key = name.slice('tag:'.length);
  return ({ tags }) => [tags[key]];
}

/** Exact values through a set, so that 200 hashes against 10,000 images stay cheap; the rest by pattern. */
function matcherFor(values: readonly string[]): (value: string) => boolean {
  const exact = new Set(values.filter((value) => !/[*?\\]/.test(value)));
  const patterns = values.filter((value) => /[*?\\]/.test(value)).map(wildcard);
  return (value) => exact.has(value) || patterns.some((pattern) => pattern.test(value));
}

/** `*` any run of characters, `?` one, `\` escapes; everything else is itself, slashes and brackets too. */
function wildcard(pattern: string): RegExp {
  const source = pattern.replace(/\\([\s\S])|[\s\S]/g, (character, escaped: string | undefined) => {
    if (escaped !== undefined) return escapeRegExp(escaped);
    if (character === '*') return '[\\s\\S]*';
    if (character === '?') return '[\\s\\S]';
    return escapeRegExp(character);
  });
  return new RegExp(`^${source}$`);
}

function escapeRegExp(character: string): string {
  return character.replace(/[.*+?^${}()|[\]\\/-]/, '\\$&');
}

function limitExceeded(what: string): AwsError {
  return new AwsError('FilterLimitExceeded', `The maximum number of ${what}.`);
}
