/** A part of a glob pattern. */
export type GlobPart =
  | { readonly kind: 'text'; readonly text: string }
  /** `?`: one character of a name. */
  | { readonly kind: 'one' }
  /** `[a-z]` */
  | { readonly kind: 'class'; readonly isNegated: boolean; readonly ranges: readonly (readonly [string, string])[] }
  /** `*`: any part of a name. */
  | { readonly kind: 'star' }
  /** `**` with a slash behind it: any number of whole folders. */
  | { readonly kind: 'folders' }
  /** `**` at an end: whatever comes. */
  | { readonly kind: 'rest' }
  /** `{1..20}` */
  | { readonly kind: 'number'; readonly from: number; readonly to: number }
  /** `{a,b}`, `(a|b)`, and with a repeat in front of it `?(a|b)`. */
  | { readonly kind: 'group'; readonly repeat: Repeat; readonly alternatives: readonly GlobParts[] };

export type GlobParts = readonly GlobPart[];

/** As in bash: `@` one of them, `?` perhaps one, `*` any number, `+` at least one, `!` everything but one of them. */
export type Repeat = '@' | '?' | '*' | '+' | '!';

/** What bash and its like understand by a pattern. What is not closed stands for itself. */
export function parseGlob(pattern: string): GlobParts {
  const parts: GlobPart[] = [];
  const add = (text: string): void => {
    const last = parts.at(-1);
    if (last?.kind === 'text') parts[parts.length - 1] = { kind: 'text', text: last.text + text };
    else parts.push({ kind: 'text', text });
  };
  for (let at = 0; at < pattern.length;) {
    const found = special(pattern, at);
    if (found === undefined) {
      const isEscaped = pattern[at] === '\\' && at + 1 < pattern.length;
      add(pattern.charAt(isEscaped ? at + 1 : at));
      at += isEscaped ? 2 : 1;
    } else {
      parts.push(found.part);
      at = found.end;
    }
  }
  return parts;
}

interface Found {
  readonly part: GlobPart;
  readonly end: number;
}

function special(pattern: string, at: number): Found | undefined {
  const char = pattern.charAt(at);
  const next = pattern.charAt(at + 1);
  if (next === '(' && '@?*+!'.includes(char)) {
    const group = parenthesized(pattern, at + 1, char as Repeat);
    if (group !== undefined) return group;
  }
  switch (char) {
    case '?':
      return { part: { kind: 'one' }, end: at + 1 };
    case '*':
      return stars(pattern, at);
    case '[':
      return characterClass(pattern, at);
    case '(':
      return parenthesized(pattern, at, '@');
    case '{':
      return braces(pattern, at);
    default:
      return undefined;
  }
}

function stars(pattern: string, at: number): Found {
  let end = at;
  while (pattern[end] === '*' && (end === at || pattern[end + 1] !== '(')) end += 1;
  const isWhole = end - at > 1 && (at === 0 || pattern[at - 1] === '/');
  if (isWhole && pattern[end] === '/') return { part: { kind: 'folders' }, end: end + 1 };
  return { part: { kind: isWhole && end === pattern.length ? 'rest' : 'star' }, end };
}

function characterClass(pattern: string, at: number): Found | undefined {
  const isNegated = '!^'.includes(pattern.charAt(at + 1)) && at + 1 < pattern.length;
  const start = at + (isNegated ? 2 : 1);
  // A bracket right at the begin is one of the characters.
  const close = closeOfClass(pattern, start + 1);
  if (close < 0) return undefined;
  const ranges: (readonly [string, string])[] = [];
  const inside = pattern.slice(start, close).replace(/\[:([a-z]{1,10}):\]/g, (named, name: string) => {
    ranges.push(...(NAMED[name] ?? []));
    return NAMED[name] === undefined ? named : '';
  });
  for (let index = 0; index < inside.length; index += 1) {
    if (inside[index] === '\\' && index + 1 < inside.length) index += 1;
    const first = inside.charAt(index);
    if (inside[index + 1] === '-' && index + 2 < inside.length) {
      ranges.push([first, inside.charAt(index + 2)]);
      index += 2;
    } else ranges.push([first, first]);
  }
  return { part: { kind: 'class', isNegated, ranges }, end: close + 1 };
}

const LOWER = ['a', 'z'] as const;
const UPPER = ['A', 'Z'] as const;
const DIGITS = ['0', '9'] as const;
const NAMED: Readonly<Record<string, readonly (readonly [string, string])[]>> = {
  lower: [LOWER],
  upper: [UPPER],
  digit: [DIGITS],
  alpha: [LOWER, UPPER],
  alnum: [LOWER, UPPER, DIGITS],
  space: [
    [' ', ' '],
    ['\t', '\r'],
  ],
};

/** `[[:alpha:]]`: not the bracket of a named class. */
function closeOfClass(pattern: string, start: number): number {
  let close = pattern.indexOf(']', start);
  while (close > 0 && pattern[close - 1] === ':' && pattern.lastIndexOf('[:', close) >= start - 1) {
    const next = pattern.indexOf(']', close + 1);
    if (next < 0) return close;
    close = next;
  }
  return close;
}

function parenthesized(pattern: string, at: number, repeat: Repeat): Found | undefined {
  const inside = split(pattern, at, '|');
  if (inside === undefined) return undefined;
  return { part: { kind: 'group', repeat, alternatives: inside.texts.map(parseGlob) }, end: inside.end };
}

function braces(pattern: string, at: number): Found | undefined {
  const inside = split(pattern, at, ',');
  if (inside === undefined) return undefined;
  const { texts, end } = inside;
  if (texts.length > 1) return { part: { kind: 'group', repeat: '@', alternatives: texts.map(parseGlob) }, end };
  const [, from, to] = /^(\d{1,9}|[A-Za-z])\.\.(\d{1,9}|[A-Za-z])$/.exec(texts[0] ?? '') ?? [];
  if (from === undefined || to === undefined) return undefined;
  const areNumbers = /\d/.test(from) && /\d/.test(to);
  if (areNumbers) {
    const [low = 0, high = 0] = [Number(from), Number(to)].sort((a, b) => a - b);
    return { part: { kind: 'number', from: low, to: high }, end };
  }
  return { part: { kind: 'class', isNegated: false, ranges: [from < to ? [from, to] : [to, from]] }, end };
}

const CLOSING: Readonly<Record<string, string>> = { '(': ')', '{': '}' };

/** What is inside of a bracket, parted where no other one is open; undefined when it is not closed. */
function split(
  pattern: string,
  at: number,
  separator: string,
): { readonly texts: readonly string[]; readonly end: number } | undefined {
  const open: string[] = [];
  const texts: string[] = [];
  let start = at + 1;
  for (let index = at; index < pattern.length; index += 1) {
    const char = pattern.charAt(index);
    const closing = CLOSING[char];
    if (char === '\\') index += 1;
    else if (closing !== undefined) open.push(closing);
    else if (char === open.at(-1)) {
      open.pop();
      if (open.length === 0) return { texts: [...texts, pattern.slice(start, index)], end: index + 1 };
    } else if (char === separator && open.length === 1) {
      texts.push(pattern.slice(start, index));
      start = index + 1;
    }
  }
  return undefined;
}
