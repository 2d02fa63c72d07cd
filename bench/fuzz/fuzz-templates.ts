import { mutateTemplate } from './mutate-template.js';
import { oneOf, seededRandom } from './random.js';
import { tryTemplate } from './try-template.js';

export interface FuzzOptions {
  readonly texts: readonly [string, ...string[]];
  readonly seed: number;
  readonly cases: number;
}

export interface FuzzResult {
  readonly layers: number;
  /** How many cases had each code. */
  readonly codes: ReadonlyMap<string, number>;
  readonly broken: readonly { readonly text: string; readonly why: string }[];
  readonly slowest: { readonly text: string; readonly ms: number };
}

/** A case that took long is taken again: once may be the garbage collector or another process. */
const WORTH_A_SECOND_LOOK_MS = 50;

/** Mutated templates, each of which has to become a layer or problems. The same seed tries the same ones. */
export function fuzzTemplates({ texts, seed, cases }: FuzzOptions): FuzzResult {
  const random = seededRandom(seed);
  const codes = new Map<string, number>();
  const broken: { text: string; why: string }[] = [];
  let layers = 0;
  let slowest = { text: '', ms: 0 };
  for (let left = cases; left > 0; left -= 1) {
    const text = mutateTemplate(oneOf(texts, random), random);
    const { tried, ms } = timed(text);
    if (ms > slowest.ms) {
      const again = ms > WORTH_A_SECOND_LOOK_MS ? Math.min(timed(text).ms, timed(text).ms) : ms;
      if (again > slowest.ms) slowest = { text, ms: again };
    }
    if (tried.kind === 'layer') layers += 1;
    if (tried.kind === 'broken') broken.push({ text, why: tried.why });
    if (tried.kind === 'problems') for (const code of new Set(tried.codes)) codes.set(code, (codes.get(code) ?? 0) + 1);
  }
  return { layers, codes, broken, slowest };
}

function timed(text: string) {
  const start = performance.now();
  const tried = tryTemplate(text);
  return { tried, ms: performance.now() - start };
}
