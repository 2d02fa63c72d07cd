import { stripVTControlCharacters } from 'node:util';

/** Every line break a terminal, a browser or the runner could act on. A lone `\r` is how progress bars overwrite themselves. */
const LINE_BREAK = /\r\n|[\r\n\u2028\u2029]/;

/** C0 (but for the tab), DEL and C1 controls, and the bidirectional controls that make text read other than it is. */
// eslint-disable-next-line no-control-regex -- control characters are what this removes
const CONTROL = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

/**
 * Text from a builder or from a pull request, as lines that are safe to print in a GitHub log: no ANSI sequences, no
 * control characters, and no line the runner would take for a workflow command. A final line break makes no empty line.
 */
export function safeLines(text: string): readonly string[] {
  const lines = text.split(LINE_BREAK);
  if (lines.at(-1) === '') lines.pop();
  return lines.map(safeText);
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

function safeText(line: string): string {
  // Defused last: removing a control character can put the two halves of a command together.
  return defuseCommands(stripVTControlCharacters(line).replace(CONTROL, ''));
}

/**
 * The runner takes `::name::` for a command at the start of a line, after blanks, and the older `##[name]` anywhere in
 * it (actions/runner, ActionCommand.cs). A visible blank keeps the text readable and searchable.
 */
function defuseCommands(line: string): string {
  return line.replace(/^(\s*):(?=:)/, '$1: ').replace(/##(?=\[)/g, '# #');
}
