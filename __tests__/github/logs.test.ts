import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import { print, printGroup, tell } from '../../src/github/logs.js';
import { maskSecret } from '../../src/github/mask-secret.js';
import { makeStepLog } from '../../sandbox/github/step-log.js';

let printed: string;
beforeEach(() => {
  printed = '';
  jest.spyOn(process.stdout, 'write').mockImplementation((text) => {
    printed += String(text);
    return true;
  });
});
afterEach(() => {
  jest.restoreAllMocks();
});

const printedBy = (line: string): string => {
  printed = '';
  print([line]);
  return printed;
};

test.each([
  ['an output', '::set-output name=amis::{}', ': :set-output name=amis::{}'],
  ['a command behind blanks', ' \t\u3000::add-mask::x', ' \t\u3000: :add-mask::x'],
  ['a command after a line feed', 'a\n::error::x', 'a\n: :error::x'],
  ['a command after a carriage return', '50 %\r::error::x', String.raw`50 %\x0d::error::x`],
  [
    'a command after other line breaks',
    'a\u2028::error::x\u0085::error::y',
    String.raw`a\u2028::error::x\u0085::error::y`,
  ],
  ['old commands, anywhere', 'a ##[group]b ##[set-env name=X]', 'a # #[group]b # #[set-env name=X]'],
  ['a command in more of the same characters', '####[error] ::::error::', '### #[error] ::::error::'],
  ['a command of two halves', '#\u0000#[error]x', String.raw`#\x00#[error]x`],
  ['a command behind a mark that text may begin with', '\ufeff::error::x', String.raw`\ufeff::error::x`],
  ['a command behind characters of no width', '\u200b::error::#\u2060#[x]', String.raw`\u200b::error::#\u2060#[x]`],
])('the runner does not obey %s', (_, line, shown) => {
  expect(printedBy(line)).toBe(`${shown}\n`);
});

test('escape sequences, bidirectional controls and the like are shown, not obeyed', () => {
  expect(printedBy('\u001b]0;x\u0007 \u009b2J \u202egpj.exe \u2066 \u061c \u{e0041} \ud83d')).toBe(
    `${String.raw`\x1b]0;x\x07 \u009b2J \u202egpj.exe \u2066 \u061c \udb40\udc41 \ud83d`}\n`,
  );
});

test('text of every language stays as it is, and so do pictures and what only looks like a command', () => {
  const text = 'größer 日本語 हिन्दी 🎉 ⚠️ 👩‍💻 ❤️‍🔥\tstd::vector ## heading a::b';
  expect(printedBy(text)).toBe(`${text}\n`);
});

test('our own commands are obeyed, with nothing in them that is', () => {
  printGroup('a\n::error::b', ['::endgroup::']);
  tell('error', 'x ##[set-output name=amis]y\n::z', { title: 'a,b::c', file: 'x\n.yaml', line: 3 });
  const log = makeStepLog(new Set());
  for (const line of printed.trimEnd().split('\n')) log.take(line);
  expect([...log.outputs]).toEqual([]);
  expect(log.lines.slice(0, 3)).toEqual(['##[group]a\n: :error::b', ': :endgroup::', '##[endgroup]']);
  expect(log.annotations).toMatchObject([
    { level: 'error', message: 'x # #[set-output name=amis]y\n: :z', title: 'a,b::c', file: 'x\n.yaml', line: 3 },
  ]);
});

test('a secret is masked in every form that the runner does not know by itself', () => {
  maskSecret('p+ss/w%rd\n');
  const masks = new Set<string>();
  const log = makeStepLog(masks);
  for (const line of printed.trimEnd().split('\n')) log.take(line);
  expect(log.lines).toEqual([]);
  expect([...masks].slice(0, 4)).toEqual(['p+ss/w%rd\n', 'cCtzcy93JXJkC', 'Arc3MvdyVyZA', 'wK3NzL3clcmQK']);
  expect([...masks]).toEqual(
    expect.arrayContaining(['702b73732f772572640a', '702B73732F772572640A', 'p%2Bss%2Fw%25rd%0A']),
  );
});
