import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { MACHINE_ARCHITECTURE } from '../../../sandbox/account.js';
import { findDaemon } from '../../../sandbox/start.js';
import { parseTranscript, replay, withPlaceholders } from './transcript.js';

const transcript = parseTranscript(readFileSync('docs/sandbox-aws-cli.md', 'utf8'));
const CLI = path.resolve('build/src/cli.js');

let directory: string;

beforeAll(() => {
  directory = mkdtempSync(path.join(tmpdir(), 'ami-sandbox-'));
});

afterAll(async () => {
  await (await findDaemon(path.join(directory, '.sandbox')))?.stop();
  rmSync(directory, { recursive: true });
});

function runs(program: string): boolean {
  try {
    execFileSync(program, ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

/** The transcript names an image for x86_64. */
const canReplay = MACHINE_ARCHITECTURE === 'x86_64' && runs('aws');
const replayed = canReplay ? test : test.skip;
if (!canReplay) process.stderr.write('transcript of the AWS CLI: skipped, there is no "aws" here, or not on x86_64\n');

const TIMEOUT_MS = 300_000;

replayed(
  'the transcript of docs/sandbox-aws-cli.md is what the AWS CLI prints',
  async () => {
    expect(transcript.length).toBeGreaterThan(20);
    const seen = await replay({
      commands: transcript.map(({ command }) => command),
      prelude: `ami-layers() { ${process.execPath} ${CLI} "$@"; }`,
      directory,
      env: { ...process.env, AWS_CONFIG_FILE: '/dev/null', AWS_SHARED_CREDENTIALS_FILE: '/dev/null', AWS_PAGER: '' },
      timeoutMs: TIMEOUT_MS,
    });
    expect(withPlaceholders(seen)).toEqual(withPlaceholders(transcript));
  },
  TIMEOUT_MS,
);

test('a transcript is read as commands, with the lines that they go on in, and their outputs', () => {
  const markdown = ['# x', '```console', '$ a \\', '    b', 'one', '$ c', '```', 'text', '```sh', '$ d', '```', ''];
  expect(parseTranscript(markdown.join('\n'))).toEqual([
    { command: 'a \\\n    b', output: 'one\n' },
    { command: 'c', output: '' },
  ]);
});

test('ids are compared by where they meet again', () => {
  const [first, second] = ['ami-01234567890abcdef', 'ami-0fedcba9876543210'];
  const story = (...ids: string[]) => withPlaceholders(ids.map((output) => ({ command: '', output })));
  expect(story(first, second, first)).toEqual(story(second, first, second));
  expect(story(first, second, first)).not.toEqual(story(first, second, second));
});
