import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { print } from '../../src/github/logs.js';
import { publishAnnotations, publishOutputs, publishSummary } from '../../src/github/publish.js';
import { readRunState, saveRunState } from '../../src/github/state.js';

const VARIABLES = ['GITHUB_OUTPUT', 'GITHUB_STEP_SUMMARY', 'GITHUB_STATE'] as const;
let directory: string;
let printed: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'publish-'));
  printed = '';
  jest.spyOn(process.stdout, 'write').mockImplementation((text) => {
    printed += String(text);
    return true;
  });
  for (const name of VARIABLES) {
    process.env[name] = join(directory, name);
    writeFileSync(join(directory, name), '');
  }
});

afterEach(() => {
  jest.restoreAllMocks();
  for (const name of Object.keys(process.env)) {
    if (name.startsWith('STATE_') || VARIABLES.some((variable) => variable === name))
      Reflect.deleteProperty(process.env, name);
  }
  rmSync(directory, { recursive: true });
});

/** What was written to a command file, without its random delimiters. */
const written = (name: (typeof VARIABLES)[number]): string =>
  readFileSync(join(directory, name), 'utf8').replace(/ghadelimiter_[\w-]+/g, 'EOF');

describe('outputs', () => {
  test('are handed to the runner', () => {
    expect(publishOutputs({ result: 'success', built: '["a"]' })).toEqual([]);
    expect(written('GITHUB_OUTPUT')).toBe('result<<EOF\nsuccess\nEOF\nbuilt<<EOF\n["a"]\nEOF\n');
  });

  test('that cannot be set are warnings', () => {
    rmSync(join(directory, 'GITHUB_OUTPUT'));
    const warnings = publishOutputs({ result: 'success', built: '[]' });
    expect(warnings.map((warning) => warning.replace(/:.*/s, ''))).toEqual([
      'the output "result" was not set',
      'the output "built" was not set',
    ]);
  });
});

describe('the job summary', () => {
  test('is what was published last', async () => {
    expect(await publishSummary('first')).toEqual([]);
    expect(await publishSummary('second\n')).toEqual([]);
    expect(written('GITHUB_STEP_SUMMARY')).toBe('second\n');
  });

  // One runner has one summary file for the whole life of a step, and the toolkit looks for it once.
  test('that cannot be written is a warning', async () => {
    process.env.GITHUB_STEP_SUMMARY = directory;
    rmSync(directory, { recursive: true });
    const warnings = await publishSummary('text');
    expect(warnings).toEqual([expect.stringMatching(/^the job summary was not written: /)]);
    directory = mkdtempSync(join(tmpdir(), 'publish-'));
  });
});

test('annotations are commands to the runner, with nothing that ends them early', () => {
  const place = { file: 'templates/a.yml', line: 2, column: 3, endColumn: 9 };
  expect(
    publishAnnotations([
      { level: 'error', title: 'a: b, c', message: 'one\ntwo', place },
      { level: 'warning', title: 'W', message: 'w', place: undefined },
      { level: 'notice', title: 'N', message: 'n', place: undefined },
    ]),
  ).toEqual([]);
  expect(printed).toBe(
    '::error title=a%3A b%2C c,file=templates/a.yml,line=2,col=3,endColumn=9::one%0Atwo\n' +
      '::warning title=W::w\n' +
      '::notice title=N::n\n',
  );
});

test('lines are printed as they are, one after another', () => {
  print(['a', 'b']);
  expect(printed).toBe('a\nb\n');
});

describe('what main leaves for post', () => {
  test('is saved for the runner', () => {
    saveRunState({ runToken: 't', scope: 'o/r', regions: ['us-east-1', 'eu-west-1'], ended: 'killed' });
    expect(written('GITHUB_STATE')).toBe(
      'isPost<<EOF\ntrue\nEOF\nrunToken<<EOF\nt\nEOF\nscope<<EOF\no/r\nEOF\nregions<<EOF\n["us-east-1","eu-west-1"]\nEOF\nended<<EOF\nkilled\nEOF\n',
    );
  });

  test('is read back from the variables the runner makes of it', () => {
    Object.assign(process.env, {
      STATE_isPost: 'true',
      STATE_runToken: 't',
      STATE_scope: 'o/r',
      STATE_regions: '["us-east-1"]',
      STATE_ended: 'clean',
    });
    expect(readRunState()).toEqual({ runToken: 't', scope: 'o/r', regions: ['us-east-1'], ended: 'clean' });
  });

  test('is nothing in main itself', () => {
    expect(readRunState()).toBeUndefined();
  });
});
