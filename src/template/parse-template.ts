import type { Diagnostic, SourceFile } from '../diagnostics/diagnostic.js';
import { closest } from '../lib/closest.js';
import { expectationOf, explainIssue } from './explain-issue.js';
import { jointDiagnostics } from './joint-rules.js';
import { knownKeys } from './known-keys.js';
import { isMapping, keysOf } from './mapping.js';
import { firstProblems, MOST_PROBLEMS } from './most-problems.js';
import { templateSchema, type Template } from './schema.js';
import { readYaml, type YamlTree } from './yaml-tree.js';

/** A template that is right by itself; the files it names have not been looked at. */
export interface Draft {
  readonly template: Template;
  readonly tree: YamlTree;
}

export interface ParsedTemplate {
  /** Undefined when there are diagnostics. */
  readonly layer: Draft | undefined;
  /** A template all the same, but with problems. */
  readonly wrong?: YamlTree;
  readonly diagnostics: readonly Diagnostic[];
}

/** The text of a template → what it says, or everything that is wrong with it, each at its place. */
export function parseTemplate(source: SourceFile): ParsedTemplate {
  const parsed = readTemplate(source);
  return parsed.layer === undefined ? { ...parsed, diagnostics: firstProblems(parsed.diagnostics) } : parsed;
}

function readTemplate(source: SourceFile): ParsedTemplate {
  const { tree, diagnostics: yamlDiagnostics } = readYaml(source);
  if (tree === undefined) return { layer: undefined, diagnostics: yamlDiagnostics };
  const shape = shapeDiagnostic(tree);
  if (shape !== undefined) return { layer: undefined, diagnostics: [...yamlDiagnostics, shape] };

  // zod would compile the schema first, which a thousand templates do not pay back.
  const result = templateSchema.safeParse(tree.value, { error: expectationOf, jitless: true });
  if (!result.success && isSomethingElse(tree.value)) {
    return { layer: undefined, diagnostics: [...yamlDiagnostics, notATemplate(tree)] };
  }
  const found = result.success ? [] : result.error.issues.slice(0, MOST_PROBLEMS + 1);
  const issues = found.flatMap((issue) => explainIssue(issue, tree));
  const diagnostics = [...yamlDiagnostics, ...issues, ...jointDiagnostics(tree)];
  return result.success && diagnostics.length === 0
    ? { layer: { template: result.data, tree }, diagnostics }
    : { layer: undefined, wrong: tree, diagnostics };
}

/** Keys that much other YAML has too, a workflow for one. */
const COMMON_KEYS = ['name', 'version', 'description', 'env'];

/** YAML that was never meant as a template: no key of it is, or is near, one that only a template has. */
function isSomethingElse(value: unknown): boolean {
  const keys = keysOf(value).slice(0, MOST_PROBLEMS);
  const own = keys.filter((key) => !isForeign(key));
  const foreign = keys.length - own.length;
  return own.length === 0 || (foreign >= 2 && own.every((key) => COMMON_KEYS.includes(key)));
}

function isForeign(key: string): boolean {
  const known = knownKeys([]);
  return !known.includes(key) && closest(key, known) === undefined;
}

function notATemplate(tree: YamlTree): Diagnostic {
  const keys = keysOf(tree.value).slice(0, MOST_PROBLEMS).filter(isForeign).slice(0, 3);
  return {
    code: 'not-a-template',
    message: `this is no template: none of its keys (${keys.join(', ')}) is one of a template's`,
    fix: 'move it out of the folder, or narrow `templates`: every .yaml and .yml file below is read as a template.',
    span: tree.spanOf([keys[0] ?? ''], 'key'),
  };
}

/** What keeps a whole document from being a template. */
function shapeDiagnostic({ source, value }: YamlTree): Diagnostic | undefined {
  const start = source.text.search(/\S/);
  const span = { source, offset: Math.max(start, 0), length: start < 0 ? 0 : 1 };
  if (value === null || (isMapping(value) && keysOf(value).length === 0)) {
    return {
      code: 'empty-template',
      message: 'the template is empty',
      fix: 'say at least what it stands on, `extends: <layer or file>` or `base: al2023`; or delete the file.',
      span,
    };
  }
  if (isMapping(value)) return undefined;
  const found = Array.isArray(value) ? 'a list' : 'a single value';
  return {
    code: 'not-a-template',
    message: `a template is a mapping of keys, but this file is ${found}`,
    fix: 'write `key: value` lines; if this is no template, move it out of the folder or narrow `templates`.',
    span,
  };
}
