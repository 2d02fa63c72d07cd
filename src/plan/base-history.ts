import { baseText } from '../template/base-text.js';
import type { Architecture, BaseReference } from '../template/layer.js';

/** A vendor's image, and the day on which a run first found that a base means it: `2026-11-14`. */
export interface BaseSeen {
  readonly imageId: string;
  readonly since: string;
}

/** What bases meant, by Region, architecture and reference; the newest last. */
export type BaseHistory = Readonly<Record<string, readonly BaseSeen[]>>;

/** What a base means today. */
export interface ResolvedBase {
  readonly reference: BaseReference;
  readonly architecture: Architecture;
  readonly region: string;
  readonly imageId: string;
}

export interface BaseMove {
  /** As templates write it: `al2023`. */
  readonly base: string;
  readonly architecture: Architecture;
  readonly region: string;
  readonly from: BaseSeen;
  readonly to: BaseSeen;
}

const KEPT = 3;

/** Of more, those that were seen longest ago go. */
const MOST_ENTRIES = 200;

/** The history with what was found today, and what is another image than it was. A pinned image never moves. */
export function observe(
  history: BaseHistory,
  found: readonly ResolvedBase[],
  today: string,
): { readonly history: BaseHistory; readonly moves: readonly BaseMove[] } {
  const entries = new Map(Object.entries(history));
  const moves: BaseMove[] = [];
  for (const { reference, architecture, region, imageId } of found) {
    if (reference.kind === 'ami') continue;
    const base = baseText(reference);
    const entry = `${region} ${architecture} ${base}`;
    const seen = entries.get(entry) ?? [];
    const from = seen.at(-1);
    const isSame = from?.imageId === imageId;
    const to = { imageId, since: today };
    if (from !== undefined && !isSame) moves.push({ base, architecture, region, from, to });
    entries.delete(entry);
    entries.set(entry, isSame ? seen : [...seen, to].slice(-KEPT));
  }
  return { history: Object.fromEntries([...entries].slice(-MOST_ENTRIES)), moves };
}
