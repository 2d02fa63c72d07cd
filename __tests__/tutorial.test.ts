import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { mkdtempSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { MACHINE_ARCHITECTURE } from '../sandbox/account.js';
import { findDaemon } from '../sandbox/start.js';
import { parseTranscript, replay, type Exchange } from './sandbox/aws-cli/transcript.js';

// What needs GitHub stands in `sh` blocks of the page; its `console` blocks are typed here.
const shown = parseTranscript(readFileSync('docs/tutorial.md', 'utf8'));
const CLI = resolve('build/src/cli.js');

let directory: string;
beforeAll(() => {
  directory = realpathSync(mkdtempSync(join(tmpdir(), 'ami-tutorial-')));
});
afterAll(async () => {
  await (await findDaemon(join(directory, 'images/.sandbox')))?.stop();
  rmSync(directory, { recursive: true });
});

const VARIABLE = [
  [/\b(ami|i)-[0-9a-f]{17}\b/g, '<$1>'],
  [/(?<=127\.0\.0\.1:)\d+/g, '<port>'],
  [/\/\S+(?=\/images\/\.sandbox)/g, '<home>'],
  [/(?:\d+ (?:m|minutes?) )?\b\d+(?:\.\d+)? (?:s|m|seconds?|minutes?)\b/g, '<time>'],
  [/ \([<≈]? ?\$[\d.]+\)/g, ''],
  // Times set the widths of columns.
  [/ {2,}/g, '  '],
] as const;

function steady(text: string): string {
  return VARIABLE.reduce((lines, [pattern, instead]) => lines.replace(pattern, instead), text).trimEnd();
}

/** A line `…` of the page stands for any lines, or none. */
function isShownBy(page: string, printed: string): boolean {
  const [first = '', ...others] = `\n${steady(page)}\n`.split('\n…\n');
  const last = others.pop();
  const all = `\n${steady(printed)}\n`;
  if (last === undefined) return all === first;
  let from = first.length;
  for (const part of others) {
    const found = all.indexOf(`\n${part}\n`, from - 1);
    if (found < 0) return false;
    from = found + part.length + 2;
  }
  return all.startsWith(first) && all.endsWith(`\n${last}`) && all.length - last.length >= from;
}

/** What was typed and printed; as the page has it where that shows it. */
function asShown({ command, output }: Exchange, page: Exchange | undefined): Exchange {
  return { command, output: page !== undefined && isShownBy(page.output, output) ? page.output : output };
}

const TIMEOUT_MS = 300_000;
// The page names images for x86_64.
const typed = MACHINE_ARCHITECTURE === 'x86_64' ? test : test.skip;

typed(
  'the commands of docs/tutorial.md print what the page shows',
  async () => {
    expect(shown.length).toBeGreaterThan(12);
    const printed = await replay({
      commands: shown.map(({ command }) => command),
      prelude: `ami-layers() { ${process.execPath} ${CLI} "$@"; }`,
      directory,
      env: {
        ...process.env,
        GIT_CONFIG_GLOBAL: '/dev/null',
        ...Object.fromEntries(
          ['AUTHOR', 'COMMITTER'].flatMap((who) => [
            [`GIT_${who}_NAME`, 'Ada'],
            [`GIT_${who}_EMAIL`, 'ada@example.com'],
          ]),
        ),
      },
      timeoutMs: TIMEOUT_MS,
    });
    expect(printed.map((exchange, index) => asShown(exchange, shown[index]))).toEqual(shown);
  },
  TIMEOUT_MS,
);

test.each([
  ['a\n…\nc\n', 'a\nb\nb\nc\n', true],
  ['…\nc\n', 'c\n', true],
  ['a\n…\nb\n…\nc\n', 'a\nx\nb\nc\n', true],
  ['took 1.0 s\n', 'took 12.5 s\n', true],
  ['a\nc\n', 'a\nb\nc\n', false],
  ['a\n…\nc\n', 'a\nb\n', false],
  ['…\nb\n…\nc\n', 'a\nc\n', false],
  ['a\n', '', false],
])('%j shows %j: %s', (page, printed, expected) => {
  expect(isShownBy(page, printed)).toBe(expected);
});
