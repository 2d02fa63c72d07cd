import type { Filter } from '@aws-sdk/client-ec2';
import type { RecordIndex } from '../record-index.js';
import { INDEX_KEYS } from '../state-index.js';

export interface CandidateSearch {
  readonly index: RecordIndex;
  readonly region: string;
  readonly filters: readonly Filter[] | undefined;
  /** Filters on a resource's own fields that the index knows, by name. */
  readonly keys: Readonly<Record<string, (region: string, value: string) => string>>;
}

/**
 * Ids, in their order, among which are all that can pass the filters: those of the exact filter with the fewest. They still
 * have to be tested.
 */
export function candidateIds({ index, region, filters = [], keys }: CandidateSearch): readonly string[] {
  let fewest = index.idsOf(INDEX_KEYS.region(region));
  for (const { Name = '', Values = [] } of filters) {
    const keyOf = Object.hasOwn(keys, Name) ? keys[Name] : tagKey(Name);
    if (keyOf === undefined || Values.some((value) => /[*?\\]/.test(value))) continue;
    const lists = Values.map((value) => index.idsOf(keyOf(region, value)));
    if (lists.reduce((sum, { length }) => sum + length, 0) < fewest.length) fewest = union(lists);
  }
  return fewest;
}

function tagKey(filter: string): ((region: string, value: string) => string) | undefined {
  if (filter === 'tag-key') return INDEX_KEYS.tagKey;
  if (!filter.startsWith('tag:')) return undefined;
  return (region, value) => INDEX_KEYS.tag(region, filter.slice('tag:'.length), value);
}

function union(lists: readonly (readonly string[])[]): readonly string[] {
  return lists.length === 1 ? (lists[0] ?? []) : [...new Set(lists.flat())].sort();
}
