import { distance } from 'fastest-levenshtein';

/** The candidate a user most likely meant, or undefined when none is near: a third of the letters may differ, or two swapped. */
export function closest(word: string, candidates: Iterable<string>): string | undefined {
  let best: string | undefined;
  let bestDistance = (word.length <= 3 ? 1 : Math.max(2, Math.floor(word.length / 3))) + 1;
  for (const candidate of candidates) {
    // Each letter that one has more is an edit; words may be as long as a file.
    if (Math.abs(word.length - candidate.length) >= bestDistance) continue;
    const edits = distance(word, candidate);
    if (edits < bestDistance) [best, bestDistance] = [candidate, edits];
  }
  return best;
}
