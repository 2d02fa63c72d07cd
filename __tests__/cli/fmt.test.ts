import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { globSync } from 'tinyglobby';
import { formatTemplate } from '../../src/template/format-template.js';
import { parseTemplate } from '../../src/template/parse-template.js';
import { readYaml } from '../../src/template/yaml-tree.js';
import { createRepository, type Repository } from '../repository.js';
import { typeIn } from './terminal.js';

const WRITTEN = `# What the file is about.

provision:
    # why it is needed
    - run: |
          echo one

          echo two
      name:   "greet"   # short
env: {B: 1.10, A: 'it''s'}
# The name comes first.
name: tidy
version: 1.0.0
builder:
  timeout_minutes: 0x1F
  volume_gb: 20
`;
const FORMATTED = `# What the file is about.

# The name comes first.
name: tidy
version: 1.0.0
env: {B: 1.10, A: 'it''s'}

provision:
  # why it is needed
  - name: "greet" # short
    run: |
      echo one

      echo two

builder:
  volume_gb: 20
  timeout_minutes: 0x1F
`;

describe('the canonical form', () => {
  test('has the language’s order of keys, and keeps comments, quotes and numbers', () => {
    expect(formatTemplate(WRITTEN)).toBe(FORMATTED);
  });

  test('keeps the order where there are anchors', () => {
    const text = 'provision:\n  - &first\n    run: echo\n  - *first\nname: anchored\n';
    expect(formatTemplate(text)).toBe(text.replace('name:', '\nname:'));
  });

  const TEMPLATES = globSync(['templates/**/*.{yaml,yml}', '__tests__/fixtures/**/*.{yaml,yml}']).sort();
  test.each(TEMPLATES)('of %s says the same, and is its own', (path) => {
    const before = { path, text: readFileSync(path, 'utf8') };
    if (parseTemplate(before).diagnostics.length > 0) return;
    const after = { path, text: formatTemplate(before.text) };
    expect(parseTemplate(after).layer?.template).toEqual(parseTemplate(before).layer?.template);
    expect(readYaml(after).tree?.value).toEqual(readYaml(before).tree?.value);
    expect(comments(after.text)).toEqual(comments(before.text));
    expect(formatTemplate(after.text)).toBe(after.text);
  });

  function comments(text: string): readonly string[] {
    return [...text.matchAll(/#.*/g)].map(([comment]) => comment.trimEnd()).sort();
  }
});

describe('fmt', () => {
  let repository: Repository;
  beforeEach(() => {
    repository = createRepository({ 'templates/a.yaml': WRITTEN, 'templates/sub/b.yaml': FORMATTED });
    execFileSync('git', ['init', '--quiet'], { cwd: repository.root });
  });
  afterEach(() => {
    repository.remove();
  });
  const fmt = (...words: readonly string[]) => typeIn(repository.root, 'fmt', ...words);
  const textOf = (path: string) => readFileSync(join(repository.root, path), 'utf8');

  test('--check names what would change, and changes nothing', async () => {
    expect(await fmt('--check')).toEqual({
      status: 1,
      out: 'templates/a.yaml',
      err: '1 of 2 templates are not in canonical form.\nFix: run ami-layers fmt.',
    });
    expect(textOf('templates/a.yaml')).toBe(WRITTEN);
    expect(await fmt('--check', 'templates/sub')).toEqual({ status: 0, out: '', err: '' });
  });

  test('writes what changes, and names it', async () => {
    expect(await fmt()).toEqual({ status: 0, out: 'templates/a.yaml', err: '' });
    expect(textOf('templates/a.yaml')).toBe(FORMATTED);
    expect(await fmt()).toEqual({ status: 0, out: '', err: '' });
  });

  test('touches nothing when a template has problems', async () => {
    repository.write({ 'templates/c.yaml': 'nmae: x\n' });
    const { status, err } = await fmt();
    expect([status, err]).toEqual([1, expect.stringContaining('templates/c.yaml:1:1')]);
    expect(textOf('templates/a.yaml')).toBe(WRITTEN);
  });
});

test('schema prints the schema that the repository has', async () => {
  const { out } = await typeIn('.', 'schema');
  expect(`${out}\n`).toBe(readFileSync('schema/template.schema.json', 'utf8'));
});
