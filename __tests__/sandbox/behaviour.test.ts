import { describe, expect, test } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { globSync } from 'tinyglobby';
import ts from 'typescript';

interface Rule {
  /** `sandbox/BEHAVIOUR.md:12` */
  readonly at: string;
  readonly text: string;
  /** What stands in brackets after it. */
  readonly source: string | undefined;
}

/** Rules are the list items of the pages: a sentence or two, and the source in brackets. */
function rulesOf(page: string): readonly Rule[] {
  const text = readFileSync(page, 'utf8');
  return [...text.matchAll(/^- (.+(?:\n {2}.+)*)/gm)].map(({ index, 1: item = '' }) => {
    const [, rule = item, source] = /^([\s\S]*?)\s+\[([\s\S]+)\]$/.exec(item) ?? [];
    return { at: `${page}:${text.slice(0, index).split('\n').length}`, text: plain(rule), source };
  });
}

/** Markdown's marks say how a rule looks, not what it says. */
function plain(markdown: string): string {
  return markdown.replace(/[`_]/g, '').replace(/\s+/g, ' ');
}

/** Names of tests that state a rule, as whole sentences do; the others are about how the sandbox is made. */
function ruleTestsOf(file: string): readonly { readonly at: string; readonly name: string }[] {
  const source = ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.Latest, true);
  const found: { at: string; name: string }[] = [];
  const visit = (node: ts.Node): void => {
    const [name] =
      ts.isCallExpression(node) && /^(test|describe)\b/.test(node.expression.getText()) ? node.arguments : [];
    if (name !== undefined && ts.isStringLiteralLike(name) && /^[^a-z].*\.$/.test(name.text)) {
      const { line } = source.getLineAndCharacterOfPosition(name.getStart());
      found.push({ at: `${file}:${line + 1}`, name: name.text });
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

const rules = globSync(['sandbox/BEHAVIOUR.md', 'sandbox/behaviour-*.md']).sort().flatMap(rulesOf);
const tests = globSync(['__tests__/sandbox/**/*.test.ts']).sort().flatMap(ruleTestsOf);

describe("the sandbox's rules", () => {
  test('are there, each once, and each has a source', () => {
    expect(rules.length).toBeGreaterThan(20);
    expect(rules.filter(({ source }) => source === undefined).map(({ at, text }) => `${at}: ${text}`)).toEqual([]);
    expect(rules.map(({ text }) => text).filter((text, index, all) => all.indexOf(text) !== index)).toEqual([]);
  });

  test('each have one test of that name', () => {
    const wrong = rules.flatMap(({ at, text }) => {
      const places = tests.filter(({ name }) => plain(name) === text).map((one) => one.at);
      return places.length === 1 ? [] : [`${at}: ${text}: tested at ${places.join(', ') || 'no place'}`];
    });
    expect(wrong).toEqual([]);
  });

  test('are all that tests state in whole sentences', () => {
    const known = new Set(rules.map(({ text }) => text));
    expect(tests.filter(({ name }) => !known.has(plain(name))).map(({ at, name }) => `${at}: ${name}`)).toEqual([]);
  });
});
