import { pseudoRandom } from '../sandbox/support/pseudo-random.js';
import type { Arena } from './arena.js';
import type { Verdict } from './aftermath.js';

/** One trouble, and how it is brought about and judged. */
export interface TortureCase {
  readonly name: string;
  readonly run: (arena: Arena) => Promise<Verdict>;
}

export interface Suite {
  readonly title: string;
  /** The same cases for the same seed, all of them or so many. */
  readonly cases: (arena: Arena, asked: Asked) => readonly TortureCase[];
}

export interface Asked {
  readonly seed: number;
  /** Undefined: as many as the suite has by itself. */
  readonly count: number | undefined;
  /** Of these, only those that have it in their names. */
  readonly match?: string;
}

/** So many of all, spread over them by the seed; all of them where no count is given. */
export function pick<T>(all: readonly T[], { seed, count }: Asked): readonly T[] {
  if (count === undefined || count >= all.length) return all;
  const random = pseudoRandom(seed);
  const marked = all.map((one) => ({ one, mark: random(1_000_000) }));
  return marked
    .toSorted((a, b) => a.mark - b.mark)
    .slice(0, count)
    .map(({ one }) => one);
}
