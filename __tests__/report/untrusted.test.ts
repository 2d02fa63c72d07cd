import { describe, expect, test } from '@jest/globals';
import { safeLine, safeLines, shorten, shownLines } from '../../src/report/untrusted.js';

describe('output from a builder', () => {
  test.each([
    ['is split at every kind of line break', 'a\nb\r\nc\rd\u2028e\u2029f', ['a', 'b', 'c', 'd', 'e', 'f']],
    ['keeps empty lines but not the one after the last line break', 'a\n\nb\n', ['a', '', 'b']],
    ['is nothing when it is empty', '', []],
    ['loses colours and cursor movements', '\u001b[1;31mred\u001b[0m \u001b[2Kgone', ['red gone']],
    ['loses window titles and links', '\u001b]0;title\u0007a \u001b]8;;http://x\u001b\\b', ['a b']],
    ['shows an escape character that begins nothing', 'a\u001b', [String.raw`a\x1b`]],
    [
      'shows control characters but not tabs',
      'a\u0000\u0007\u0008\u007f\u009b\tb',
      [String.raw`a\x00\x07\x08\u007f\u009b` + '\tb'],
    ],
    ['cannot be turned around unseen', 'x\u202egpj.exe\u2066y', [String.raw`x\u202egpj.exe\u2066y`]],
    ['keeps text of every language', 'größer 日本語 🎉', ['größer 日本語 🎉']],
  ])('%s', (_, text, lines) => {
    expect(safeLines(text)).toEqual(lines);
  });
});

test('of a line that overwrote itself only the last state is shown', () => {
  expect(shownLines('0%\r50%\r100%\nthen\r\n\rsafe\r::error::no\r\n')).toEqual(['100%', 'then', '::error::no']);
  expect(shownLines(`${'\r'.repeat(300_000)}x`)).toEqual(['x']);
});

test('a name stays on one line, whatever is in it', () => {
  expect(safeLine(' a\n::error::b\r\n ')).toBe('a ::error::b');
});

describe('a text that is too long', () => {
  test('is cut with an ellipsis', () => {
    expect(shorten('abcdef', 4)).toBe('abc…');
    expect(shorten('abcd', 4)).toBe('abcd');
  });

  test('is not cut in the middle of a character', () => {
    expect(shorten('ab🎉def', 4)).toBe('ab…');
  });
});
