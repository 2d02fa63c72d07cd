import { afterEach, describe, expect, test } from '@jest/globals';
import { checksBundle } from '../../../src/build/bundle.js';
import { OUTPUT_TAIL_BYTES } from '../../../src/build/on-instance/layout.js';
import {
  explainVerdict,
  readChecksEnd,
  type CheckFiles,
  type ChecksEnd,
} from '../../../src/build/on-instance/run-checks.js';
import { nodeOf } from '../../../src/graph/walk.js';
import type { Workspace } from '../../../src/workspace/workspace.js';
import { graphOf } from '../../repository.js';
import { unpack } from './unpacked.js';

const NO_FILES: Workspace = {
  read: () => undefined,
  isExecutable: () => false,
  glob: () => [],
  links: () => new Map(),
  fetch: () => Promise.reject(new Error('nothing is elsewhere')),
};

const cleanUp: (() => void)[] = [];
afterEach(() => {
  for (const remove of cleanUp.splice(0)) remove();
});

async function runChecks(...checks: readonly Partial<CheckFiles>[]): Promise<ChecksEnd | undefined> {
  const files = { 'templates/layer.yaml': 'env: {COLOUR: deep blue}\n' };
  const node = nodeOf(graphOf(files), 'layer');
  const whole = checks.map((check) => ({ run: 'true', exitCode: 0, ...check }));
  const step = { name: 'checks', script: 'true', timeoutSeconds: 60, reboot: false, span: undefined };
  const bundle = await checksBundle({ node, step, checks: whole, inputs: [], expiresAt: 0 }, NO_FILES);
  const unpacked = unpack(bundle);
  cleanUp.push(unpacked.remove);
  const { status, output } = unpacked.run('run-checks');
  const end = readChecksEnd(output);
  expect(status).toBe(0);
  return end;
}

async function verdictOf(check: Partial<CheckFiles>): Promise<string | undefined> {
  return (await runChecks(check))?.verdict;
}

/** A command that prints exactly this. */
function prints(text: string): { readonly run: string } {
  return { run: `printf %s '${text.replaceAll("'", `'\\''`)}'` };
}

const HOSTILE = `it's "quoted" $(id) \`id\` * [a] \\n ' -e`;

test('all checks that hold, silently', async () => {
  const end = await runChecks({ run: 'echo one' }, { run: 'echo "$COLOUR"', equals: 'deep blue' });
  expect(end).toEqual({ number: 2, verdict: 'ok', exitCode: 0, output: '' });
});

test('the first that does not hold ends it, with its output only', async () => {
  const end = await runChecks({ run: 'echo one' }, { run: 'echo two; exit 7' }, { run: 'echo three' });
  expect(end).toEqual({ number: 2, verdict: 'exit', exitCode: 7, output: 'two\n' });
});

test('much output is cut to its end', async () => {
  const end = await runChecks({ run: 'head -c 50000 /dev/zero | tr "\\0" x; exit 1' });
  expect(end?.output).toBe('x'.repeat(OUTPUT_TAIL_BYTES));
});

describe('exit code', () => {
  test.each([
    ['as expected', 'exit 3', 3, 'ok'],
    ['another', 'exit 4', 3, 'exit'],
    ['success where failure is expected', 'true', 3, 'exit'],
    ['killed', 'kill -9 $$', 137, 'ok'],
  ])('%s', async (_, run, exitCode, verdict) => {
    expect(await verdictOf({ run, exitCode })).toBe(verdict);
  });

  test('a check runs with the same shell options as a step, or by its shebang', async () => {
    expect(await verdictOf({ run: 'false\ntrue' })).toBe('exit');
    expect(await verdictOf({ run: '#!/bin/sh\nfalse\ntrue\n' })).toBe('ok');
  });
});

describe('contains', () => {
  test.each([
    ['a part', 'version 4.1.4', '4.1', 'ok'],
    ['no part', 'version 4.0', '4.1', 'contains'],
    ['a pattern is only text', 'version 4x1', '4.1', 'contains'],
    ['a wildcard is only text', 'anything', '*', 'contains'],
    ['quotes and commands are only text', `before ${HOSTILE} after`, HOSTILE, 'ok'],
    ['several lines', 'one\ntwo\nthree', 'two\nthree', 'ok'],
  ])('%s', async (_, output, contains, verdict) => {
    expect(await verdictOf({ ...prints(output), contains })).toBe(verdict);
  });
});

describe('equals', () => {
  test.each([
    ['the same', 'one', 'one', 'ok'],
    ['more', 'one two', 'one', 'equals'],
    ['less', '', 'one', 'equals'],
    ['other case', 'One', 'one', 'equals'],
    ['white space around it', '\n  one\ttwo \n\n', 'one\ttwo', 'ok'],
    ['white space within', 'one  two', 'one two', 'equals'],
    ['quotes and commands are only text', HOSTILE, HOSTILE, 'ok'],
    ['several lines', 'one\ntwo\n', 'one\ntwo\n', 'ok'],
    ['nothing', '', '', 'ok'],
  ])('%s', async (_, output, equals, verdict) => {
    expect(await verdictOf({ ...prints(output), equals })).toBe(verdict);
  });
});

describe('matches', () => {
  test.each([
    ['an extended regular expression', 'gcc 11.3.0', '^gcc 1[12]\\.[0-9]+(\\.0)?$', 'ok'],
    ['any line of several', 'one\ntwo\nthree', '^two$', 'ok'],
    ['no line', 'one\ntwo', '^three$', 'matches'],
    ['one that begins with a hyphen', 'cc -O2 x.c', '-O[0-9]', 'ok'],
    ['quotes and commands are only text', `say "it's"`, `"it's"$`, 'ok'],
    ['one that is none', 'anything', '(', 'matches'],
  ])('%s', async (_, output, matches, verdict) => {
    expect(await verdictOf({ ...prints(output), matches })).toBe(verdict);
  });
});

test('what did not hold, in words', () => {
  const check = { run: 'x', exitCode: 0, contains: 'a', equals: 'b', matches: 'c' };
  const explain = (verdict: ChecksEnd['verdict'], exitCode: number, expected = 0): string =>
    explainVerdict({ number: 1, verdict, exitCode, output: '' }, { ...check, exitCode: expected });
  expect([
    explain('ok', 0),
    explain('exit', 2),
    explain('exit', 2, 3),
    explain('contains', 0),
    explain('equals', 0),
    explain('matches', 0),
  ]).toEqual([
    'passed',
    'exited 2',
    'exited 2, expected 3',
    'its output does not contain "a"',
    'its output is not "b"',
    'its output does not match /c/',
  ]);
});
