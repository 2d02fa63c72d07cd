import { describe, expect, test } from '@jest/globals';
import { loadTemplates } from '../../src/template/load-templates.js';
import { createFsWorkspace } from '../../src/workspace/fs-workspace.js';
import { temporaryFolder } from '../workspace/temporary-folder.js';

describe('folders with the characters of patterns in their names', () => {
  const names = ['gpu (a100)', '[id]', 'a{b}', '!x', 'sl\\ash'];

  test.each(names)('%s is a name where a template lies in it, only what it writes is a pattern', (name) => {
    const root = temporaryFolder({
      [`${name}/t.yaml`]: [
        'provision: [{run: x, inputs: ["conf/*.conf", "./plain", data, "*.sh", "[v]/*"]}]',
        'files: [{source: "conf/*.conf", destination: /etc/conf}, {source: "[v]", destination: /etc/v}]',
        '',
      ].join('\n'),
      [`${name}/conf/a.conf`]: 'a',
      [`${name}/conf/no.txt`]: 'no',
      [`${name}/plain`]: 'plain',
      [`${name}/data/d`]: 'd',
      [`${name}/run.sh`]: 'sh',
      [`${name}/v/letter`]: 'a folder that the pattern [v] finds',
      [`${name}/[v]/named`]: 'a folder that is called so',
    });
    for (const templates of [[name], [`${name}/t.yaml`], ['**/*.yaml']]) {
      const { layers, diagnostics } = loadTemplates({ workspace: createFsWorkspace(root), templates });
      // The file's name does for the layer's.
      expect(diagnostics).toEqual([]);
      expect(layers[0]?.steps[0]?.inputs.map(({ relativePath }) => relativePath)).toEqual([
        'conf/a.conf',
        'plain',
        'data/d',
        'run.sh',
        'v/letter',
      ]);
      expect(layers[0]?.files.map(({ path, destination }) => [path, destination])).toEqual([
        [`${name}/conf/a.conf`, '/etc/conf/a.conf'],
        [`${name}/[v]/named`, '/etc/v/named'],
      ]);
    }
  });
});

describe('a file that is not what it stands for', () => {
  const pointer = `version https://git-lfs.github.com/spec/v1\noid sha256:${'ab'.repeat(32)}\nsize 123456\n`;
  const told = (files: Readonly<Record<string, string>>, said: string): readonly string[] => {
    const root = temporaryFolder({ ...files, 'templates/t.yaml': said });
    const { diagnostics } = loadTemplates({ workspace: createFsWorkspace(root), templates: ['templates'] });
    return diagnostics.map(({ code, message, fix, span }) => `${span?.offset ?? ''} ${code}: ${message} | ${fix}`);
  };

  test('as Git LFS left it: neither a script, nor an input, nor a placed file', () => {
    const said =
      'provision: [{script: a.sh}, {run: x, inputs: [data]}]\nfiles: [{source: b.bin, destination: /b.bin}]\n';
    const files = { 'templates/a.sh': pointer, 'templates/data/c.bin': pointer, 'templates/b.bin': pointer };
    const fix = '`git lfs pull` brings it; in a workflow, `lfs: true` for actions/checkout.';
    expect(told(files, said)).toEqual(
      [
        [said.indexOf('a.sh'), 'templates/a.sh'],
        [said.indexOf('data'), 'templates/data/c.bin'],
        [said.indexOf('b.bin'), 'templates/b.bin'],
      ].map(
        ([at, path]) => `${at} missing-file: of ${path}, only the pointer of Git LFS is here, not the file | ${fix}`,
      ),
    );
  });

  test.each([
    ['a script, in its last line', 'a.sh', 'echo a\necho b\r\n', '{script: a.sh}'],
    ['an input that is a shell script by its name', 'lib.sh', 'a=1\nb=2\r\n', '{run: x, inputs: [lib.sh]}'],
    ['by its first line', 'tool', '#!/usr/bin/env bash\na\r\nb\n', '{run: x, inputs: [tool]}'],
    [
      'of another interpreter, in the line that names it',
      'a.py',
      '#!/usr/bin/python3\r\nx = 1\r\n',
      '{run: x, inputs: [a.py]}',
    ],
  ])('with the line ends of Windows: %s', (_, name, text, said) => {
    expect(told({ [`templates/${name}`]: text }, `provision: [${said}]\n`).map((line) => line.split('|')[0])).toEqual([
      `${`provision: [${said}]`.indexOf(name)} windows-line-ends: the lines of the script templates/${name} end as on Windows, which no shell on Linux understands `,
    ]);
  });

  test.each([
    ['a.csv', '1,2\r\n3,4\r\n'],
    ['b.py', '#!/usr/bin/python3\nx = 1\r\n'],
    ['c.bin', '#!/bin/sh\n\u0000\r\n'],
  ])('%s may have them', (name, text) => {
    expect(told({ [`templates/${name}`]: text }, `provision: [{run: x, inputs: [${name}]}]\n`)).toEqual([]);
  });
});
