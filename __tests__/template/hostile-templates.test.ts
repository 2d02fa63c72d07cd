import { describe, expect, test } from '@jest/globals';
import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { fuzzTemplates } from '../../bench/fuzz/fuzz-templates.js';
import { renderDiagnostics } from '../../src/diagnostics/render-diagnostic.js';
import { loadTemplates } from '../../src/template/load-templates.js';
import { createFsWorkspace } from '../../src/workspace/fs-workspace.js';
import { temporaryFolder } from '../workspace/temporary-folder.js';
import { templateTexts } from '../../bench/fuzz/template-texts.js';

function load(content: string | Uint8Array) {
  const workspace = createFsWorkspace(temporaryFolder({ 'templates/app.yaml': content }));
  return loadTemplates({ workspace, templates: ['templates'] });
}

/** Nine lists, each of nine times the one before: 387,420,489 values in 400 characters. */
const BOMB = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i']
  .map((name, index, names) => {
    const item = index === 0 ? 'x' : `*${names[index - 1] ?? ''}`;
    return `${name}: &${name} [${Array<string>(9).fill(item).join(',')}]\n`;
  })
  .join('');
const DEPTH = 10_000;

describe('a template that is there to break the reader', () => {
  test.each([
    ['grows without end by aliases', BOMB, 'too-many-aliases', 'too many aliases'],
    [
      'opens brackets without end',
      `env: ${'['.repeat(DEPTH)}${']'.repeat(DEPTH)}`,
      'too-deep',
      'this is nested too deeply',
    ],
    ['opens braces without end', `env: ${'{a: '.repeat(DEPTH)}`, 'too-deep', 'this is nested too deeply'],
    ['nests lists without end', '- '.repeat(DEPTH), 'too-deep', 'this is nested too deeply'],
    [
      'is indented without end',
      Array.from({ length: 400 }, (_, depth) => `${' '.repeat(depth)}a:`).join('\n'),
      'too-deep',
      'this is nested too deeply',
    ],
    [
      'has a line of a million characters',
      `description: ${'x'.repeat(1_000_000)}`,
      'too-large',
      'the template has 1000013 bytes, more than 262144',
    ],
    [
      'has a key of a page',
      `${'x'.repeat(5000)}: 1`,
      'yaml-syntax',
      'the : indicator must be at most 1024 chars after the start of an implicit block mapping key',
    ],
    ['has a NUL', 'name: a\0b\n', 'not-text', 'the template is not UTF-8 text'],
    ['is UTF-16', Buffer.from('name: app\n', 'utf16le'), 'not-text', 'the template is not UTF-8 text'],
    [
      'names a file with a NUL',
      'provision: [{script: "a\\0b.sh"}]\n',
      'bad-value',
      '"provision[0].script" is "a\\u0000b.sh", expected a path',
    ],
    [
      'names a file that no file system takes',
      `provision: [{script: ${'x'.repeat(300)}}]\n`,
      'missing-file',
      `templates/${'x'.repeat(300)} does not exist`,
    ],
    [
      'names a folder above the repository',
      `provision: [{script: ${'../'.repeat(40)}etc/passwd}]\n`,
      'outside-repository',
      `"${'../'.repeat(40)}etc/passwd" leaves the repository`,
    ],
  ])('because it %s gets one answer', (_, text, code, message) => {
    const { layers, diagnostics } = load(text);
    expect([layers, diagnostics.map((one) => [one.code, one.message])]).toEqual([[], [[code, message]]]);
    expect(renderDiagnostics(diagnostics).length).toBeLessThan(2000);
  });

  test('cannot have files read through links that leave the repository', () => {
    const outside = temporaryFolder({ 'secret.sh': 'echo secret\n' });
    const root = temporaryFolder({ 'templates/app.yaml': 'provision: [{script: link.sh}, {script: out/secret.sh}]\n' });
    symlinkSync(join(outside, 'secret.sh'), join(root, 'templates/link.sh'));
    symlinkSync(outside, join(root, 'templates/out'));
    const { layers, diagnostics } = loadTemplates({ workspace: createFsWorkspace(root), templates: ['templates'] });
    expect([layers, diagnostics.map(({ code }) => code)]).toEqual([[], ['missing-file', 'missing-file']]);
  });
});

test('a byte order mark and the line ends of Windows are none of a template’s business', () => {
  const { layers, diagnostics } = load(
    '\ufeffname: web\r\nprovision:\r\n  - run: |\r\n      echo a\r\n      echo b\r\n',
  );
  expect(renderDiagnostics(diagnostics)).toBe('');
  expect(layers.map(({ name, steps }) => [name, steps[0]?.script])).toEqual([['web', 'echo a\necho b\n']]);
});

/** `npm run fuzz:templates` tries 100,000. */
test('2,000 mutated templates each become a layer, or problems that say where', () => {
  const { layers, codes, broken } = fuzzTemplates({ texts: templateTexts(), seed: 2000, cases: 2000 });
  expect(broken).toEqual([]);
  expect(layers).toBeGreaterThan(100);
  expect([...codes.keys()]).toEqual(
    expect.arrayContaining(['yaml-syntax', 'unknown-key', 'wrong-type', 'bad-value', 'duplicate-key', 'missing-key']),
  );
});
