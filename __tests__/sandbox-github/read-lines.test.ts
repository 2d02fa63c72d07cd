import { expect, test } from '@jest/globals';
import { readLines } from '../../sandbox/github/read-lines.js';

function linesOf(...chunks: readonly (string | Buffer)[]): readonly string[] {
  const lines: string[] = [];
  const { add, end } = readLines((line) => lines.push(line));
  for (const chunk of chunks) add(Buffer.from(chunk));
  end();
  return lines;
}

test('a line ends at each line break that the runner knows, and at no other', () => {
  expect(linesOf('a\nb\r\nc\rd\u2028e\u0085f\u000bg')).toEqual(['a', 'b', 'c', 'd\u2028e\u0085f\u000bg']);
});

test('a line break that two chunks share is one', () => {
  expect(linesOf('a\r', '\nb\r', 'c\n', '\nd')).toEqual(['a', 'b', 'c', '', 'd']);
});

test('a character that two chunks share is whole', () => {
  const bytes = Buffer.from('größer\n');
  expect(linesOf(bytes.subarray(0, 3), bytes.subarray(3))).toEqual(['größer']);
});
