import { EOL } from 'node:os';
import { visible } from '../lib/visible.js';

/** What this action tells the runner in the log. Outputs, state and the summary go through files instead. */
export type Command = keyof typeof COMMANDS;

/** Whose texts people read: those of a mask have to be exact. */
const COMMANDS = {
  error: true,
  warning: true,
  notice: true,
  group: true,
  endgroup: true,
  debug: true,
  'add-mask': false,
} as const;

/**
 * Prints lines: whatever is in them, the runner obeys none, nothing acts on who reads the log, and nothing is hidden. This
 * and `tell` are all that writes to a job's log.
 */
export function print(lines: readonly string[]): void {
  for (const line of lines.flatMap((text) => text.split('\n'))) write(harmless(line));
}

/** The same, folded under a title. Groups do not nest. */
export function printGroup(title: string, lines: readonly string[]): void {
  tell('group', title);
  print(lines);
  tell('endgroup', '');
}

/** Gives the runner a command. What is said in it is as harmless as any line. */
export function tell(
  command: Command,
  data: string,
  properties: Readonly<Record<string, string | number | undefined>> = {},
): void {
  const safe = COMMANDS[command] ? (text: string): string => text.split('\n').map(harmless).join('\n') : undefined;
  const given = Object.entries(properties).flatMap(([name, value]) =>
    value === undefined || value === '' ? [] : [`${name}=${escapeProperty(visible(String(value)))}`],
  );
  const head = given.length === 0 ? command : `${command} ${given.join(',')}`;
  write(`::${head}::${escapeData(safe === undefined ? data : safe(data))}`);
}

/**
 * The runner takes `::name::` for a command at the start of a line, after blanks, and the older `##[name]` anywhere in it
 * (actions/runner, ActionCommand.cs); the page that shows the log takes `##[group]` for a heading. A visible blank keeps
 * the text readable. Defused last: what makes text visible changes it.
 */
function harmless(line: string): string {
  return visible(line)
    .replace(/^(\s*):(?=:)/, '$1: ')
    .replace(/##(?=\[)/g, '# #');
}

// Of actions/toolkit, packages/core/src/command.ts. The percent sign comes first.
function escapeData(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function escapeProperty(text: string): string {
  return escapeData(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}

function write(line: string): void {
  process.stdout.write(`${line}${EOL}`);
}
