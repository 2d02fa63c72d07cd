import { parseGlob, type GlobPart, type GlobParts } from './parse-glob.js';

/** A pattern that would take longer to match than any that somebody needs. */
export class TooMuchToMatch extends Error {
  readonly pattern: string;

  constructor(pattern: string) {
    super(`the pattern ${JSON.stringify(pattern.slice(0, 60))} is too much to match`);
    this.name = 'TooMuchToMatch';
    this.pattern = pattern;
  }
}

export interface Glob {
  readonly pattern: string;
  /** The folder that everything matched is in: `conf/slurm/*.conf` → `conf/slurm`; empty: the root. */
  readonly folder: string;
  /** How many folders below it at most; undefined: any number. */
  readonly depth: number | undefined;
  /** @throws TooMuchToMatch when all that was matched since it was made is more than `MOST_STEPS`. */
  readonly matches: (path: string) => boolean;
  /** Whether something below a path may match: a folder, or what can be one. It may say yes where a group has folders in it. */
  readonly mayMatchBelow: (path: string) => boolean;
  /** Positions of paths that were looked at so far: the work, whatever the machine. */
  readonly steps: () => number;
}

const LONGEST_PATTERN = 1_000;
export const MOST_STEPS = 50_000_000;

/**
 * A glob pattern over paths with forward slashes; hidden names are names. The text is read once, with all the places
 * that the pattern can be at side by side, so that no pattern takes more than its length times the path's, but for
 * nested repeats, which `MOST_STEPS` ends.
 *
 * @throws TooMuchToMatch when the pattern is too long.
 */
export function makeGlob(pattern: string): Glob {
  if (pattern.length > LONGEST_PATTERN) throw new TooMuchToMatch(pattern);
  const parts = parseGlob(pattern);
  const folder = fixedFolder(parts);
  let steps = 0;
  const spend = (more: number): void => {
    steps += more;
    if (steps > MOST_STEPS) throw new TooMuchToMatch(pattern);
  };
  return {
    pattern,
    folder,
    depth: isDeep(parts)
      ? undefined
      : slashes(parts) - slashes([{ kind: 'text', text: folder }]) - (folder === '' ? 0 : 1),
    matches: (path) => endsOf(parts, [0], { path, spend, known: new Map() }).at(-1) === path.length,
    mayMatchBelow: (path) => mayMatchBelow(parts, { path: `${path}/`, spend, known: new Map() }),
    steps: () => steps,
  };
}

/** Whether a path matches any of the patterns. */
export function matchesAny(patterns: readonly string[]): (path: string) => boolean {
  const globs = patterns.map(makeGlob);
  return (path) => globs.some((glob) => glob.matches(path));
}

function fixedFolder([first]: GlobParts): string {
  return first?.kind === 'text' ? first.text.slice(0, Math.max(0, first.text.lastIndexOf('/'))) : '';
}

function slashes(parts: GlobParts): number {
  return parts.reduce((sum, part) => sum + (part.kind === 'text' ? part.text.split('/').length - 1 : 0), 0);
}

/** Whether it has slashes that cannot be counted. */
function isDeep(parts: GlobParts): boolean {
  return parts.some(
    (part) =>
      part.kind === 'folders' ||
      part.kind === 'rest' ||
      (part.kind === 'group' && part.alternatives.some((inside) => isDeep(inside) || slashes(inside) > 0)),
  );
}

interface Matching {
  readonly path: string;
  readonly spend: (steps: number) => void;
  /** Where a group that repeats or is negated ends once, by where it begins: nested ones would multiply. */
  readonly known: Map<GlobPart, Map<number, Places>>;
}

/** Places in a path, ascending, each once. */
type Places = readonly number[];

/** Where the parts may end that begin at one of the places. */
function endsOf(parts: GlobParts, starts: Places, matching: Matching): Places {
  let places = starts;
  for (const part of parts) {
    if (places.length === 0) return places;
    matching.spend(places.length);
    places = ends(part, places, matching);
  }
  return places;
}

function mayMatchBelow(parts: GlobParts, matching: Matching): boolean {
  const { path } = matching;
  let places: Places = [0];
  for (const part of parts) {
    if (places.includes(path.length)) return true;
    if (places.length > 0 && part.kind === 'group' && isDeep([part])) return true;
    if (part.kind === 'text' && places.some((at) => part.text.startsWith(path.slice(at)))) return true;
    places = endsOf([part], places, matching);
  }
  return places.includes(path.length);
}

function ends(part: GlobPart, starts: Places, matching: Matching): Places {
  const { path } = matching;
  switch (part.kind) {
    case 'text':
      return starts.filter((at) => path.startsWith(part.text, at)).map((at) => at + part.text.length);
    case 'one':
      return starts.filter((at) => isOfName(path, at)).map((at) => at + 1);
    case 'class':
      return starts.filter((at) => isOfName(path, at) && isInClass(part, path.charAt(at))).map((at) => at + 1);
    case 'star':
      return toEndsOfNames(starts, matching);
    case 'folders':
      return behindFolders(starts, matching);
    case 'rest':
      return rest(starts[0] ?? 0, matching);
    case 'number':
      return unite(starts.map((at) => numberEnds(part, at, path)));
    case 'group':
      return groupEnds(part, starts, matching);
  }
}

function isOfName(path: string, at: number): boolean {
  return at < path.length && path[at] !== '/';
}

type Part<Kind extends GlobPart['kind']> = Extract<GlobPart, { readonly kind: Kind }>;

function isInClass({ isNegated, ranges }: Part<'class'>, char: string): boolean {
  return ranges.some(([low, high]) => low <= char && char <= high) !== isNegated;
}

function toEndsOfNames(starts: Places, { path, spend }: Matching): Places {
  const places: number[] = [];
  let next = 0;
  for (const start of starts) {
    // What lies before belongs to the same name as an earlier start, and is there already.
    if (start < next) continue;
    for (let at = start; at <= path.length; at += 1) {
      places.push(at);
      next = at + 1;
      if (path[at] === '/') break;
    }
  }
  spend(places.length);
  return places;
}

/** Begins where a name does: all places behind a slash that follow the first of those. */
function behindFolders(starts: Places, { path, spend }: Matching): Places {
  const start = starts.find((at) => at === 0 || path[at - 1] === '/');
  if (start === undefined) return [];
  const places = [start];
  for (let slash = path.indexOf('/', start); slash >= 0; slash = path.indexOf('/', slash + 1)) places.push(slash + 1);
  spend(places.length);
  return places;
}

/** Of `{a/**,b}/c` nothing may be there: then the slash before is the one behind. */
function rest(begin: number, { path, spend }: Matching): Places {
  const start = path[begin - 1] === '/' ? begin - 1 : begin;
  spend(path.length - start);
  return Array.from({ length: path.length - start + 1 }, (_, index) => start + index);
}

function numberEnds({ from: low, to: high }: Part<'number'>, at: number, path: string): Places {
  const places: number[] = [];
  for (let end = at; end - at < 9 && /^\d$/.test(path.charAt(end)); end += 1) {
    const value = Number(path.slice(at, end + 1));
    const isPadded = path[at] === '0' && end > at;
    if (!isPadded && value >= low && value <= high) places.push(end + 1);
  }
  return places;
}

function groupEnds(group: Part<'group'>, starts: Places, matching: Matching): Places {
  switch (group.repeat) {
    case '@':
      return once(group, starts, matching);
    case '?':
      return unite([starts, once(group, starts, matching)]);
    case '*':
      return unite([starts, repeated(group, starts, matching)]);
    case '+':
      return repeated(group, starts, matching);
    case '!':
      return unite(
        starts.map((start) => {
          const refused = new Set(onceFrom(group, start, matching));
          return toEndsOfNames([start], matching).filter((place) => !refused.has(place));
        }),
      );
  }
}

function once({ alternatives }: Part<'group'>, starts: Places, matching: Matching): Places {
  return unite(alternatives.map((parts) => endsOf(parts, starts, matching)));
}

function onceFrom(group: Part<'group'>, start: number, matching: Matching): Places {
  const known = matching.known.get(group) ?? new Map<number, Places>();
  matching.known.set(group, known);
  const before = known.get(start);
  if (before !== undefined) return before;
  const found = once(group, [start], matching);
  known.set(start, found);
  return found;
}

function repeated(group: Part<'group'>, starts: Places, matching: Matching): Places {
  const reached = new Set<number>();
  const pending = [...starts];
  for (let start = pending.pop(); start !== undefined; start = pending.pop()) {
    const found = onceFrom(group, start, matching);
    matching.spend(found.length);
    for (const place of found) {
      if (reached.has(place)) continue;
      reached.add(place);
      pending.push(place);
    }
  }
  return [...reached].sort((a, b) => a - b);
}

function unite(some: readonly Places[]): Places {
  const [first = [], ...others] = some;
  if (others.every((places) => places.length === 0)) return first;
  return [...new Set(some.flat())].sort((a, b) => a - b);
}
