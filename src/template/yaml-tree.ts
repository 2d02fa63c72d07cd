import { isAlias, isMap, isScalar, isSeq, parseDocument, type Document, type ParsedNode, type YAMLMap } from 'yaml';
import type { Diagnostic, SourceFile, Span } from '../diagnostics/diagnostic.js';
import { TEXT_KEYS } from './schema.js';
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
  /** An alias stands for nothing: what it should have been cannot be checked. */
  hasBrokenAlias: boolean;
}

/** More than any template needs; stops `&a [*a, *a]` from growing without end. */
const MAX_ALIASES = 100;

/** YAML 1.2 text → tree. The tree is undefined when the text is no YAML, and every reason is a diagnostic. */
export function readYaml(source: SourceFile): {
  readonly tree: YamlTree | undefined;
  readonly diagnostics: readonly Diagnostic[];
} {
  // Own check for equal keys: the parser's names only the second of them, and costs a sixth of its time.
  const document = parseDocument(source.text, { uniqueKeys: false, prettyErrors: false });
  const problems = [...document.errors, ...document.warnings];
  if (problems.length > 0) {
    return { tree: undefined, diagnostics: problems.map((problem) => syntaxDiagnostic(source, problem)) };
  }
  const reading: Reading = { source, document, diagnostics: [], aliases: 0, hasBrokenAlias: false };
  const value = plainValue(reading, document.contents, false);
  const tree: YamlTree = {
    source,
    value,
    spanOf: (path, part = 'value') => findSpan(document, { source, path, part }),
  };
  return { tree: reading.hasBrokenAlias ? undefined : tree, diagnostics: reading.diagnostics };
}

function plainValue(reading: Reading, node: unknown, asText: boolean): unknown {
  if (isScalar(node)) {
    const isNumberOrFlag = typeof node.value === 'number' || typeof node.value === 'boolean';
    return asText && isNumberOrFlag ? (node.source ?? String(node.value)) : node.value;
  }
  if (isMap(node)) return plainMapping(reading, node, asText);
  if (isSeq(node)) return node.items.map((item) => plainValue(reading, item, asText));
  if (isAlias(node)) {
    reading.aliases += 1;
    const target = reading.aliases > MAX_ALIASES ? undefined : node.resolve(reading.document);
    if (target !== undefined) return plainValue(reading, target, asText);
    reading.hasBrokenAlias = true;
    if (reading.aliases <= MAX_ALIASES + 1) {
      reading.diagnostics.push({
        code: reading.aliases > MAX_ALIASES ? 'too-many-aliases' : 'yaml-syntax',
        message: reading.aliases > MAX_ALIASES ? 'too many aliases' : `there is no anchor "&${node.source}"`,
        fix: 'write the value out.',
        span: spanOfRange(reading.source, node.range),
      });
    }
  }
  return null;
}

function plainMapping(reading: Reading, map: YAMLMap, asText: boolean): Record<string, unknown> {
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
    plain[name] = plainValue(reading, value, asText || TEXT_KEYS.has(name));
  }
  return plain;
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
