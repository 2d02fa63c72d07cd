import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { appendFileSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeCommandFiles, parsePairs, SUMMARY_LIMIT_BYTES } from '../../sandbox/github/command-files.js';

let temp: string;
beforeAll(() => {
  temp = mkdtempSync(join(tmpdir(), 'command-files-'));
});
afterAll(() => rmSync(temp, { recursive: true }));

const pairs = (text: string) => {
  const parsed = parsePairs(text);
  return parsed.ok ? Object.fromEntries(parsed.pairs) : parsed.problem;
};

describe('name and value pairs', () => {
  test('stand on one line, or between two lines with a delimiter', () => {
    expect(pairs('a=1\n\nb<<EOF\nline 1\n\nx=<<y\nEOF\nc=x=y<<z\nempty<<EOF\nEOF\n')).toEqual({
      a: '1',
      b: 'line 1\n\nx=<<y',
      c: 'x=y<<z',
      empty: '',
    });
  });

  test('of one name: the last counts', () => {
    expect(pairs('a=1\na=2')).toEqual({ a: '2' });
  });

  test.each([
    ['just text', "Invalid format 'just text'"],
    ['a<<EOF\n1\n', "Invalid value. Matching delimiter not found 'EOF'"],
    ['a<<\n1\n', "Invalid format 'a<<'. Name and delimiter must not be empty"],
  ])('that cannot be read are a problem: %j', (text, problem) => {
    expect(pairs(text)).toBe(problem);
  });
});

describe('the command files of a step', () => {
  test('start empty, give back what was written, and are gone afterwards', () => {
    const files = makeCommandFiles(temp);
    const { GITHUB_OUTPUT, GITHUB_STATE, GITHUB_ENV, GITHUB_PATH, GITHUB_STEP_SUMMARY } = files.environment;
    appendFileSync(GITHUB_OUTPUT!, 'ami-id=ami-1\n');
    appendFileSync(GITHUB_STATE!, 'done=clean\n');
    appendFileSync(GITHUB_ENV!, 'A=b\n');
    appendFileSync(GITHUB_PATH!, '/one\n/two\n');
    appendFileSync(GITHUB_STEP_SUMMARY!, '# Done\n');
    expect(files.collect()).toEqual({
      outputs: new Map([['ami-id', 'ami-1']]),
      state: new Map([['done', 'clean']]),
      environment: new Map([['A', 'b']]),
      path: ['/one', '/two'],
      summary: '# Done\n',
      problems: [],
    });
    expect(readdirSync(join(temp, '_runner_file_commands'))).toEqual([]);
  });

  test('that cannot be read fail the step; a summary that is too long is only left out', () => {
    const files = makeCommandFiles(temp);
    appendFileSync(files.environment.GITHUB_OUTPUT!, 'nonsense\n');
    appendFileSync(files.environment.GITHUB_STEP_SUMMARY!, 'x'.repeat(SUMMARY_LIMIT_BYTES + 1));
    const { outputs, summary, problems } = files.collect();
    expect({ outputs, summary, problems }).toEqual({
      outputs: new Map(),
      summary: '',
      problems: [
        {
          message: '$GITHUB_STEP_SUMMARY upload aborted, supports content up to a size of 1024k, got 1025k.',
          fatal: false,
        },
        { message: "Unable to process file command 'output' successfully. Invalid format 'nonsense'", fatal: true },
      ],
    });
  });
});
