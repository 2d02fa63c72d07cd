import { distance } from 'fastest-levenshtein';

/** Nobody mistypes more than a path. */
const LONGEST_WORD = 400;

/** The candidate a user most likely meant, or undefined when none is near: a third of the letters may differ, or two swapped. */
export function closest(word: string, candidates: Iterable<string>): string | undefined {
  if (word.length > LONGEST_WORD) return undefined;
  let best: string | undefined;
  let bestDistance = (word.length <= 3 ? 1 : Math.max(2, Math.floor(word.length / 3))) + 1;
  for (const candidate of candidates) {
    // Each letter that one has more is an edit.
    if (Math.abs(word.length - candidate.length) >= bestDistance) continue;
    const edits = distance(word, candidate);
    if (edits < bestDistance) [best, bestDistance] = [candidate, edits];
  }
  return best;
}
