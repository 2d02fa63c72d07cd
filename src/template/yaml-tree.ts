import {
  isAlias,
  isMap,
  isScalar,
  isSeq,
  Lexer,
  parseDocument,
  type Alias,
  type Document,
  type ParsedNode,
  type YAMLMap,
} from 'yaml';
import type { Diagnostic, SourceFile, Span } from '../diagnostics/diagnostic.js';
import { TEXT_KEYS } from './schema.js';
import { MOST_PROBLEMS } from './most-problems.js';
import { syntaxDiagnostic } from './yaml-syntax.js';

/** Keys and list positions from the top of a template to a value. */
export type Path = readonly PropertyKey[];

/** A YAML file as plain values that still know where they were written. */
export interface YamlTree {
  readonly source: SourceFile;
  readonly value: unknown;
  /** Where the value of a path (or the key in front of it) stands; for what is not there, the nearest thing around it. */
  readonly spanOf: (path: Path, part?: 'key' | 'value') => Span;
}

interface Reading {
  readonly source: SourceFile;
  readonly document: Document.Parsed;
  readonly diagnostics: Diagnostic[];
  aliases: number;
  /** A part could not be read, an alias of nothing for one: what it should have been cannot be checked. */
  isBroken: boolean;
}

/** More than any template needs; stops `&a [*a, *a]` from growing without end. */
const MAX_ALIASES = 100;
/** More than any template needs, and less than the stack of whatever looks at it later. */
const MAX_DEPTH = 40;
/** An alias deeper than this stands inside of itself. */
const MAX_ALIAS_DEPTH = 20;

/** YAML 1.2 text → tree. The tree is undefined when the text is no YAML, and every reason is a diagnostic. */
export function readYaml(source: SourceFile): {
  readonly tree: YamlTree | undefined;
  readonly diagnostics: readonly Diagnostic[];
} {
  // Own check for equal keys: the parser's names only the second of them, and costs a sixth of its time.
  const tooDeepAt = findDeepBracket(source.text);
  if (tooDeepAt !== undefined) {
    return { tree: undefined, diagnostics: [tooDeepDiagnostic({ source, offset: tooDeepAt, length: 1 })] };
  }
  const document = parseDocument(source.text, { uniqueKeys: false, prettyErrors: false });
  const problems = [...document.errors, ...document.warnings];
  if (problems.length > 0) {
    const tooDeep = problems.find(({ message }) => message.includes('call stack'));
    const first = tooDeep === undefined ? problems.slice(0, MOST_PROBLEMS + 1) : [];
    const diagnostics = first.map((problem) => syntaxDiagnostic(source, problem));
    if (tooDeep !== undefined) diagnostics.push(tooDeepDiagnostic({ source, offset: tooDeep.pos[0], length: 1 }));
    return { tree: undefined, diagnostics };
  }
  const reading: Reading = { source, document, diagnostics: [], aliases: 0, isBroken: false };
  const value = plainValue(reading, document.contents, { asText: false, depth: 0 });
  const tree: YamlTree = {
    source,
    value,
    spanOf: (path, part = 'value') => findSpan(document, { source, path, part }),
  };
  return { tree: reading.isBroken ? undefined : tree, diagnostics: reading.diagnostics };
}

interface Context {
  /** Numbers and flags stay as they are written. */
  readonly asText: boolean;
  readonly depth: number;
}

function plainValue(reading: Reading, node: unknown, { asText, depth }: Context): unknown {
  if (isScalar(node)) {
    const isNumberOrFlag = typeof node.value === 'number' || typeof node.value === 'boolean';
    return asText && isNumberOrFlag ? (node.source ?? String(node.value)) : node.value;
  }
  if ((isMap(node) || isSeq(node)) && depth >= MAX_DEPTH) {
    if (!reading.isBroken)
      reading.diagnostics.push(tooDeepDiagnostic({ ...spanOfRange(reading.source, node.range), length: 1 }));
    reading.isBroken = true;
    return null;
  }
  if (isMap(node)) return plainMapping(reading, node, { asText, depth: depth + 1 });
  if (isSeq(node)) return node.items.map((item) => plainValue(reading, item, { asText, depth: depth + 1 }));
  return isAlias(node) ? aliasedValue(reading, node, { asText, depth }) : null;
}

function aliasedValue(reading: Reading, node: Alias, { asText, depth }: Context): unknown {
  reading.aliases += 1;
  const isTooMuch = reading.aliases > MAX_ALIASES || depth > MAX_ALIAS_DEPTH;
  const target = isTooMuch ? undefined : node.resolve(reading.document);
  if (target !== undefined) return plainValue(reading, target, { asText, depth });
  if (!isTooMuch || reading.aliases <= MAX_ALIASES + 1) {
    reading.diagnostics.push({
      code: isTooMuch ? 'too-many-aliases' : 'yaml-syntax',
      message: isTooMuch ? 'too many aliases' : `there is no anchor "&${node.source}"`,
      fix: 'write the value out.',
      span: spanOfRange(reading.source, node.range),
    });
  }
  // More of the same says nothing new.
  if (isTooMuch) reading.aliases = MAX_ALIASES + 1;
  reading.isBroken = true;
  return null;
}

function plainMapping(reading: Reading, map: YAMLMap, { asText, depth }: Context): Record<string, unknown> {
  const plain: Record<string, unknown> = {};
  const keys = new Map<string, unknown>();
  for (const { key, value } of map.items) {
    const name = isScalar(key) ? (key.source ?? String(key.value)) : undefined;
    const span = spanOfRange(reading.source, rangeOf(key));
    if (name === undefined || name === '__proto__') {
      reading.diagnostics.push({ code: 'wrong-type', message: 'a key must be text', fix: 'write a plain key.', span });
      continue;
    }
    const first = keys.get(name);
    if (first !== undefined && reading.diagnostics.length > MOST_PROBLEMS) continue;
    if (first !== undefined) {
      reading.diagnostics.push({
        code: 'duplicate-key',
        message: `the key "${name}" is there twice`,
        fix: 'remove one of them, or join their values.',
        span,
        related: [{ span: spanOfRange(reading.source, rangeOf(first)), message: 'the first one is here' }],
      });
      continue;
    }
    keys.set(name, key);
    plain[name] = plainValue(reading, value, { asText: asText || TEXT_KEYS.has(name), depth });
  }
  return plain;
}

/** What the lexer says of the text, and is not in it: document, end of a flow, scalar (see yaml's docs, "Lexer"). */
const MARKS = new Set(['\u0002', '\u0018', '\u001f']);
const SCALAR_FOLLOWS = '\u001f';

/** Where brackets are open that nothing needs: the parser takes seconds for some hundreds more, the lexer does not. */
function findDeepBracket(text: string): number | undefined {
  if ((text.match(/[[{]/g)?.length ?? 0) <= MAX_DEPTH) return undefined;
  let depth = 0;
  let offset = 0;
  let before = '';
  for (const lexeme of new Lexer().lex(text)) {
    const isBracket = before !== SCALAR_FOLLOWS;
    if (isBracket && (lexeme === '[' || lexeme === '{')) depth += 1;
    if (isBracket && (lexeme === ']' || lexeme === '}')) depth -= 1;
    if (depth > MAX_DEPTH) return offset;
    if (!MARKS.has(lexeme)) offset += lexeme.length;
    before = lexeme;
  }
  return undefined;
}

function tooDeepDiagnostic(span: Span): Diagnostic {
  return {
    code: 'too-deep',
    message: 'this is nested too deeply',
    fix: 'write it flat: no value of a template is inside of more than five others.',
    span,
  };
}

interface Wanted {
  readonly source: SourceFile;
  readonly path: Path;
  readonly part: 'key' | 'value';
}

function findSpan(document: Document.Parsed, { source, path, part }: Wanted): Span {
  let range: Range | undefined;
  let node: unknown = document.contents;
  for (const [index, name] of path.entries()) {
    if (isAlias(node)) node = node.resolve(document);
    const found = isMap(node) ? findPair(node, String(name)) : isSeq(node) ? itemAt(node.items, name) : undefined;
    if (found === undefined) break;
    const wantsKey = part === 'key' && index === path.length - 1;
    range = wantsKey || isEmpty(found.value) ? rangeOf(found.key) : rangeOf(found.value);
    node = found.value;
  }
  return spanOfRange(source, range ?? rangeOf(document.contents));
}

interface Located {
  readonly key: unknown;
  readonly value: unknown;
}

function findPair(map: YAMLMap, name: string): Located | undefined {
  return map.items.find(({ key }) => isScalar(key) && (key.source ?? String(key.value)) === name);
}

function itemAt(items: readonly unknown[], index: PropertyKey): Located | undefined {
  const item = items[Number(index)];
  return item === undefined ? undefined : { key: item, value: item };
}

/** `key:` with nothing after it: a value without a place of its own. */
function isEmpty(node: unknown): boolean {
  return node === null || (isScalar(node) && node.value === null && (node.source ?? '') === '');
}

/** Start, end of the value, end with trailing white space and comments. */
type Range = NonNullable<ParsedNode['range']>;

function rangeOf(node: unknown): Range | undefined {
  return isScalar(node) || isMap(node) || isSeq(node) || isAlias(node) ? (node.range ?? undefined) : undefined;
}

function spanOfRange(source: SourceFile, range: Range | null | undefined): Span {
  const [start, end] = range ?? [0, 0];
  return { source, offset: start, length: source.text.slice(start, end).trimEnd().length };
}
