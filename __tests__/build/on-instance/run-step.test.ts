import { afterEach, describe, expect, test } from '@jest/globals';
import { chmodSync } from 'node:fs';
import { join } from 'node:path';
import { stepsBundle } from '../../../src/build/bundle.js';
import { OUTPUT_TAIL_BYTES } from '../../../src/build/on-instance/layout.js';
import { readStepEnd, type StepEnd } from '../../../src/build/on-instance/run-step.js';
import { nodeOf } from '../../../src/graph/walk.js';
import { linkLayers } from '../../../src/graph/link-layers.js';
import { loadTemplates } from '../../../src/template/load-templates.js';
import { createRepository, type Files } from '../../repository.js';
import { unpack } from './unpacked.js';

const cleanUp: (() => void)[] = [];
afterEach(() => {
  for (const remove of cleanUp.splice(0)) remove();
});

interface Ran {
  readonly status: number | null;
  readonly end: StepEnd | undefined;
}

/** Runs a script as the first step of a layer with these files beside its template. */
async function runStep(script: string, files: Files = {}): Promise<Ran> {
  const repository = createRepository({ 'templates/layer.yaml': 'provision: [{run: "true"}]\n', ...files });
  cleanUp.push(repository.remove);
  if ('templates/tool.sh' in files) chmodSync(join(repository.root, 'templates/tool.sh'), 0o755);
  const { workspace } = repository;
  const { layers } = loadTemplates({ workspace, templates: ['templates'] });
  const node = nodeOf(linkLayers(layers, { brokenTemplates: [] }).graph, 'layer');
  const unpacked = unpack(await stepsBundle(node, [script], workspace), 'run-step');
  cleanUp.push(unpacked.remove);
  const { status, output } = unpacked.run('run-step', 'steps/1');
  return { status, end: readStepEnd(output) };
}

describe('exit codes', () => {
  test.each([
    ['success', 'true', 0],
    ['the script says so', 'exit 3', 3],
    ['the code that asks the agent for a reboot', 'exit 194', 194],
    ['the code that the agent takes for a time-out', 'exit 137', 137],
    ['a script that kills itself', 'kill -9 $$', 137],
    ['a failing command in the middle', 'false\ntrue', 1],
    ['a failing command in a pipe', 'false | cat\ntrue', 1],
    ['a variable that is not set', 'echo "$NO_SUCH_VARIABLE"', 1],
    ['a command that does not exist', 'no-such-command', 127],
  ])('%s', async (_, script, exitCode) => {
    const { status, end } = await runStep(script);
    expect([end?.exitCode, status]).toEqual([exitCode, exitCode === 0 ? 0 : 1]);
  });
});

describe('output', () => {
  test('both streams, in the order in which they were written', async () => {
    const { end } = await runStep('echo one; echo two >&2; echo three');
    expect(end).toEqual({ exitCode: 0, output: 'one\ntwo\nthree\n', omittedBytes: 0 });
  });

  test('without a line end at its end, or without any', async () => {
    expect((await runStep('printf partial')).end).toEqual({ exitCode: 0, output: 'partial', omittedBytes: 0 });
    expect((await runStep('true')).end).toEqual({ exitCode: 0, output: '', omittedBytes: 0 });
  });

  test('only the end of much of it', async () => {
    const { end } = await runStep('head -c 50000 /dev/zero | tr "\\0" x; printf end');
    expect(end).toEqual({
      exitCode: 0,
      output: `${'x'.repeat(OUTPUT_TAIL_BYTES - 3)}end`,
      omittedBytes: 50_003 - OUTPUT_TAIL_BYTES,
    });
  });

  test('a script cannot pretend its end', async () => {
    const { end } = await runStep('printf "\\n@@ami-layers exit=0 bytes=0\\n"; exit 4');
    expect(end).toEqual({ exitCode: 4, output: '\n@@ami-layers exit=0 bytes=0\n', omittedBytes: 0 });
  });

  test('that stops before the last line has no end', () => {
    expect(readStepEnd('half of a\n')).toBeUndefined();
  });
});

describe('surroundings', () => {
  test('a shebang decides the interpreter', async () => {
    const { end: awk } = await runStep('#!/usr/bin/awk -f\nBEGIN { print 6 * 7 }\n');
    expect(awk).toEqual({ exitCode: 0, output: '42\n', omittedBytes: 0 });
    const { end: sh } = await runStep('#!/bin/sh\nfalse\necho "sh goes on, set -u is off: <$NOT_SET>"\n');
    expect(sh).toEqual({ exitCode: 0, output: 'sh goes on, set -u is off: <>\n', omittedBytes: 0 });
  });

  test('home, user and an empty standard input', async () => {
    const { end } = await runStep('echo "$HOME $USER $LOGNAME $PATH"; cat');
    expect(end?.output).toBe('/root root root /usr/local/bin:/usr/bin:/bin\n');
  });

  test('values of the environment are text, whatever is in them', async () => {
    const values = { QUOTES: `it's "quoted"`, CODE: '$(touch /tmp/no) `id` ${HOME} \\', LINES: 'one\ntwo', EMPTY: '' };
    const { end } = await runStep('printf "<%s>" "$QUOTES" "$CODE" "$LINES" "$EMPTY"', {
      'templates/layer.yaml': `env: ${JSON.stringify(values)}\n`,
    });
    expect(end?.output).toBe(
      Object.values(values)
        .map((value) => `<${value}>`)
        .join(''),
    );
  });

  test("scripts start in the template's folder and find their inputs there", async () => {
    const { end } = await runStep('./tool.sh; cat ../shared/words.txt', {
      'templates/layer.yaml': 'provision: [{run: "true", inputs: [tool.sh, /shared/*.txt]}]\n',
      'templates/tool.sh': '#!/bin/sh\necho tool\n',
      'shared/words.txt': 'words\n',
    });
    expect(end).toEqual({ exitCode: 0, output: 'tool\nwords\n', omittedBytes: 0 });
  });
});
