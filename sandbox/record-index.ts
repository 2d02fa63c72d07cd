/**
 * Finds records by what they are filed under (a Region, a tag, a name) without looking at the others, and in the order of
 * their ids, so that a page of a list costs as much with ten thousand records as with ten.
 */
export interface RecordIndex {
  /** Replaces what the record was filed under before; no keys: it is gone. */
  readonly file: (id: string, keys: readonly string[]) => void;
  /** Ids in their order. */
  readonly idsOf: (key: string) => readonly string[];
}

export function makeRecordIndex(): RecordIndex {
  const idsByKey = new Map<string, string[]>();
  const keysById = new Map<string, ReadonlySet<string>>();
  return {
    file: (id, keys) => {
      const before = keysById.get(id) ?? new Set();
      const after = new Set(keys);
      for (const key of before) if (!after.has(key)) remove(idsByKey, key, id);
      for (const key of after) if (!before.has(key)) add(idsByKey, key, id);
      if (after.size === 0) keysById.delete(id);
      else keysById.set(id, after);
    },
    idsOf: (key) => idsByKey.get(key) ?? [],
  };
}

/** Index of the first id that is not before the given one. */
export function lowerBound(ids: readonly string[], id: string): number {
  let low = 0;
  let high = ids.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((ids[middle] ?? '') < id) low = middle + 1;
    else high = middle;
  }
  return low;
}

function add(idsByKey: Map<string, string[]>, key: string, id: string): void {
  const ids = idsByKey.get(key);
  if (ids === undefined) idsByKey.set(key, [id]);
  else ids.splice(lowerBound(ids, id), 0, id);
}

function remove(idsByKey: Map<string, string[]>, key: string, id: string): void {
  const ids = idsByKey.get(key);
  if (ids === undefined) return;
  ids.splice(lowerBound(ids, id), 1);
  if (ids.length === 0) idsByKey.delete(key);
}
