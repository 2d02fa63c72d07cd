import type { VariantKey } from './build-plan.js';

/**
 * How long what is done for variants took lately: milliseconds, the newest last. It makes guesses better and decides
 * nothing: an empty one is as right as any.
 */
export type History = Readonly<Record<string, readonly number[]>>;

/** One part of the work on a variant: a phase, or a step of its own. */
export type Part = `phase ${string}` | `step ${string}`;

export interface Measured {
  readonly key: VariantKey;
  readonly part: Part;
  readonly durationMs: number;
}

export const NO_HISTORY: History = {};

const KEPT = 5;

/** Of more, those that were measured longest ago go. */
const MOST_ENTRIES = 5_000;

/** The one in the middle; undefined where nothing is known. */
export function usualMs(history: History, key: VariantKey, part: Part): number | undefined {
  const sorted = (history[entryOf(key, part)] ?? []).toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)];
}

/** The history with what was measured now. */
export function remember(history: History, measured: readonly Measured[]): History {
  const entries = new Map(Object.entries(history));
  for (const { key, part, durationMs } of measured) {
    const entry = entryOf(key, part);
    const durations = [...(entries.get(entry) ?? []), durationMs].slice(-KEPT);
    entries.delete(entry);
    entries.set(entry, durations);
  }
  return Object.fromEntries([...entries].slice(-MOST_ENTRIES));
}

function entryOf(key: VariantKey, part: Part): string {
  return `${key} ${part}`;
}
