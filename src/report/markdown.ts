import { safeLine, safeLines } from './untrusted.js';

/** What stands for characters that mean something in GitHub's markdown or HTML. */
const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  '|': '&#124;',
  '`': '&#96;',
  '*': '&#42;',
  _: '&#95;',
  '[': '&#91;',
  ']': '&#93;',
  '\\': '&#92;',
  '~': '&#126;',
  $: '&#36;',
  '\u200b': '&#8203;',
};

/**
 * GitHub looks for mentions, references to issues and addresses in the rendered text, where an entity is a character
 * again; a zero-width space after these stops them.
 */
const LINKED = /@|#(?=\d)|\bGH(?=-\d)|:(?=\/\/)|www(?=\.)/gi;

/** What makes a heading, a list or a rule of the line it begins. */
const BLOCK_START = /^(\d+(?=[.)](?:\s|$))|)([-+=#.)])/;

/** Text that needs nothing but backticks around it to be shown as it is, also in a table cell. */
const PLAIN_CODE = /^[\w ./:@+=,#()~^*[\]<>"'&…\u2011-]+$/;

/** Untrusted text as one line of literal text; also inside an HTML element such as `<summary>`. */
export function escapeMarkdown(text: string): string {
  return safeLine(text)
    .replace(LINKED, '$&\u200b')
    .replace(/[&<>"|`*_[\]\\~$\u200b]/g, (character) => ENTITIES[character] ?? character)
    .replace(BLOCK_START, (_, digits: string, sign: string) => `${digits}&#${sign.charCodeAt(0)};`);
}

/**
 * Untrusted text as code. Backticks where they are enough; where the text has backticks, pipes or backslashes in it,
 * `<code>` with entities, because a table row is split at pipes before code spans are looked for.
 */
export function inlineCode(text: string): string {
  const line = safeLine(text);
  return PLAIN_CODE.test(line) && line.trim() === line ? `\`${line}\`` : htmlCode(line);
}

/** The same for inside HTML, where backticks are not read as code. */
export function htmlCode(text: string): string {
  return `<code>${escapeMarkdown(text)}</code>`;
}

/** Untrusted lines as a fenced block, its fence longer than any run of backticks inside. */
export function codeBlock(lines: readonly string[], language = 'text'): string {
  return fence(lines.flatMap(safeLines), language);
}

/** The same for lines that are ours, with what is not made safe already. */
export function fence(body: readonly string[], language: string): string {
  const longest = Math.max(2, ...body.flatMap((line) => [...line.matchAll(/`+/g)].map(([run]) => run.length)));
  const marks = '`'.repeat(longest + 1);
  return [`${marks}${language}`, ...body, marks].join('\n');
}

/** Words that stay on one line, however narrow a table makes their column. */
export function unbroken(words: string): string {
  return words.replaceAll(' ', '\u00a0').replaceAll('-', '\u2011');
}

/** A table; cells are markdown already. An empty cell shows a dash. */
export function markdownTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.map((cell) => cell || '–').join(' | ')} |`;
  return [line(head), `|${'---|'.repeat(head.length)}`, ...rows.map(line)].join('\n');
}

/** A part to fold out. `summary` is HTML, `body` markdown; the blank lines make GitHub read the body as markdown. */
export function details(summary: string, body: string, state: 'open' | 'closed' = 'closed'): string {
  return `<details${state === 'open' ? ' open' : ''}><summary>${summary}</summary>\n\n${body}\n\n</details>`;
}

/** The same, where there may be nothing to fold. */
export function fold(summary: string, body: string | undefined): string | undefined {
  return body === undefined ? undefined : details(summary, body);
}

/** Parts that have something in them, with a blank line between. */
export function joinParts(parts: readonly (string | undefined)[]): string {
  return parts.filter((part) => part !== undefined && part !== '').join('\n\n');
}
