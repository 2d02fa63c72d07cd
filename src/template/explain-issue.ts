import type { z } from 'zod';
import type { Diagnostic } from '../diagnostics/diagnostic.js';
import { closest } from '../lib/closest.js';
import { knownKeys } from './known-keys.js';
import { keysOf } from './mapping.js';
import { MOST_PROBLEMS } from './most-problems.js';
import { BASE_ALIASES } from './patterns.js';
import { suggestLayerName } from './suggest-layer-name.js';
import type { Path, YamlTree } from './yaml-tree.js';

type Issue = z.core.$ZodIssue;

/** What zod calls a type, as an expectation. */
const TYPE_WORDS: Readonly<Record<string, string>> = {
  string: 'text',
  boolean: 'true or false',
  array: 'a list',
  object: 'a mapping',
  record: 'a mapping',
};

/** Zod's own messages become expectations too, as the schema's are: noun phrases that follow `expected`. */
export function expectationOf(issue: z.core.$ZodRawIssue): string | undefined {
  return issue.code === 'invalid_type' ? TYPE_WORDS[issue.expected] : undefined;
}

/** What zod found wrong with a template, as diagnostics at the exact key or value. */
export function explainIssue(issue: Issue, tree: YamlTree): readonly Diagnostic[] {
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.slice(0, MOST_PROBLEMS + 1).map((key) => explainKey(key, issue.path, tree));
    case 'invalid_union':
      return explainUnion(issue, tree);
    case 'invalid_key':
      return [badKey(issue, tree)];
    case 'invalid_type':
      return badType(issue, tree);
    case 'invalid_value': {
      const values = issue.values.map(String);
      return [badValue(issue.path, tree, { expectation: `one of ${values.join(', ')}`, candidates: values })];
    }
    default: {
      const candidates = issue.path[0] === 'base' ? BASE_ALIASES : [];
      const value = valueAt(tree.value, issue.path);
      const meant = patternOf(issue.path) === 'name' ? suggestLayerName(String(value)) : undefined;
      return [badValue(issue.path, tree, { expectation: issue.message, candidates, meant })];
    }
  }
}

function explainKey(key: string, path: Path, tree: YamlTree): Diagnostic {
  const span = tree.spanOf([...path, key], 'key');
  const known = knownKeys(path);
  const near = closest(key, known);
  const where = path.length === 0 ? '' : ` in ${nameOf(path)}`;
  return {
    code: 'unknown-key',
    message: `unknown key "${key}"${where}`,
    fix: near === undefined ? `remove it; the keys here are ${known.join(', ')}.` : `rename it to "${near}".`,
    span,
  };
}

/** Of the alternatives, the one the user came nearest to: of the right type, and then with the fewest problems. */
function explainUnion(issue: z.core.$ZodIssueInvalidUnion, tree: YamlTree): readonly Diagnostic[] {
  const alternatives = issue.errors.map((issues) =>
    issues.map((inner) => ({ ...inner, path: [...issue.path, ...inner.path] })),
  );
  const ofRightType = alternatives.filter((issues) => !issues.some((inner) => isWrongType(inner, issue.path)));
  const [nearest] = ofRightType.toSorted((a, b) => a.length - b.length);
  if (nearest !== undefined) return nearest.flatMap((inner) => explainIssue(inner, tree));
  const expected = alternatives.flat().flatMap((inner) => (inner.code === 'invalid_type' ? [inner.message] : []));
  return [wrongType(issue.path, tree, [...new Set(expected)].join(' or '))];
}

function isWrongType(issue: Issue, at: Path): boolean {
  return issue.code === 'invalid_type' && issue.path.length === at.length;
}

function badType(issue: z.core.$ZodIssueInvalidType, tree: YamlTree): readonly Diagnostic[] {
  const { path, expected, message: expectation } = issue;
  const value = valueAt(tree.value, path);
  if (value === undefined) return missingKey(issue, tree);
  if (expected === 'int' && typeof value === 'number') return [badValue(path, tree, { expectation, candidates: [] })];
  return [wrongType(path, tree, expectation)];
}

function missingKey({ path, message }: z.core.$ZodIssueInvalidType, tree: YamlTree): readonly Diagnostic[] {
  const mapping = path.slice(0, -1);
  const key = String(path.at(-1));
  const known = knownKeys(mapping);
  const unknown = keysOf(valueAt(tree.value, mapping)).filter((written) => !known.includes(written));
  // It is there with a spelling mistake, and that is reported.
  if (closest(key, unknown) !== undefined) return [];
  return [
    {
      code: 'missing-key',
      message: `${nameOf(mapping)} has no "${key}"`,
      fix: `add \`${key}:\` with ${message}.`,
      span: tree.spanOf(mapping),
    },
  ];
}

function wrongType(path: Path, tree: YamlTree, expectation: string): Diagnostic {
  const value = valueAt(tree.value, path);
  const span = tree.spanOf(path);
  const name = nameOf(path);
  if (value === null) {
    const fix = `give it ${expectation}, or remove it.`;
    return { code: 'wrong-type', message: `"${name}" is empty, expected ${expectation}`, fix, span };
  }
  const isLoneItem = expectation === 'a list' && typeof value !== 'object';
  const described = describeValue(value);
  return {
    code: 'wrong-type',
    message: `"${name}" is ${described}, expected ${expectation}`,
    fix: isLoneItem ? `write a list: [${described}].` : `write ${expectation}.`,
    span,
  };
}

interface Expected {
  readonly expectation: string;
  /** Allowed values, to find the one that was meant. */
  readonly candidates: readonly string[];
  /** What was meant, where that is not a matter of spelling. */
  readonly meant?: string | undefined;
}

function badValue(path: Path, tree: YamlTree, { expectation, candidates, meant }: Expected): Diagnostic {
  const value = valueAt(tree.value, path);
  const near = meant ?? (typeof value === 'string' ? closest(value, candidates) : undefined);
  return {
    code: 'bad-value',
    message: `"${nameOf(path)}" is ${describeValue(value)}, expected ${expectation}`,
    fix: near === undefined ? `write ${expectation}.` : `did you mean "${near}"?`,
    span: tree.spanOf(path),
  };
}

function badKey(issue: z.core.$ZodIssueInvalidKey, tree: YamlTree): Diagnostic {
  const key = String(issue.path.at(-1));
  const expectation = issue.issues[0]?.message ?? 'another key';
  return {
    code: 'bad-value',
    message: `"${key}" cannot be a key of ${nameOf(issue.path.slice(0, -1))}, expected ${expectation}`,
    fix: `rename it to ${expectation}.`,
    span: tree.spanOf(issue.path, 'key'),
  };
}

const LONGEST_VALUE = 60;

function describeValue(value: unknown): string {
  if (Array.isArray(value)) return value.length === 0 ? 'an empty list' : 'a list';
  if (typeof value === 'object' && value !== null) return 'a mapping';
  if (typeof value === 'string') {
    return JSON.stringify(value.length > LONGEST_VALUE ? `${value.slice(0, LONGEST_VALUE)}…` : value);
  }
  return String(value);
}

function valueAt(value: unknown, path: Path): unknown {
  let at = value;
  for (const key of path) at = typeof at === 'object' && at !== null ? Reflect.get(at, key) : undefined;
  return at;
}

/** `provision[0].run`; the template itself is "the template". */
function nameOf(path: Path): string {
  if (path.length === 0) return 'the template';
  return path
    .map((key) => (typeof key === 'number' ? `[${key}]` : `.${String(key)}`))
    .join('')
    .replace(/^\./, '');
}

/** `provision[]`: a mapping's place, whichever item of a list it is. */
function patternOf(path: Path): string {
  return path
    .map((key) => (typeof key === 'number' ? '[]' : `.${String(key)}`))
    .join('')
    .replace(/^\./, '');
}
