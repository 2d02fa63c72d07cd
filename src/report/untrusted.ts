import { stripVTControlCharacters } from 'node:util';
import { visible } from '../lib/visible.js';

/** Every line break a terminal, a browser or the runner could act on. A lone `\r` is how progress bars overwrite themselves. */
const LINE_BREAK = /\r\n|[\r\n\u2028\u2029]/;

/**
 * Text from a builder or from a pull request, as lines in which nothing acts and nothing is hidden. Colours and cursor
 * movements of programs are left out, what else is not seen is shown by its number. A final line break makes no empty line.
 * What the runner would obey is for github/logs.ts.
 */
export function safeLines(text: string): readonly string[] {
  const lines = text.split(LINE_BREAK);
  if (lines.at(-1) === '') lines.pop();
  return lines.map((line) => visible(stripVTControlCharacters(line)));
}

/** The same for output as a terminal leaves it: of a line that overwrote itself, as progress bars do, only its last state. */
export function shownLines(text: string): readonly string[] {
  const settled = text.split('\n').map((line) => {
    const end = line.trimEnd();
    return end.slice(end.lastIndexOf('\r') + 1);
  });
  return safeLines(settled.join('\n'));
}

/** The same for text that has to stay on one line, such as a name or a message. */
export function safeLine(text: string): string {
  return safeLines(text).join(' ').trim();
}

/** At most `limit` UTF-16 units of a text, with an ellipsis where something is missing. Never cuts a character in half. */
export function shorten(text: string, limit: number): string {
  if (text.length <= limit) return text;
  return `${text.slice(0, limit - 1).replace(/[\ud800-\udbff]$/, '')}…`;
}
