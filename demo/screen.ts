import type { CommentChange } from '../sandbox/github/api-shapes.js';
import type { Check } from './checks.js';
import { showMarkdown } from './markdown.js';
import { paint } from './paint.js';

/** Prints a text below what is there, each line after `prefix`. */
export function print(text = '', prefix = ''): void {
  process.stdout.write(
    text
      .split('\n')
      .map((line) => `${prefix}${line}`.trimEnd())
      .join('\n') + '\n',
  );
}

export function printTitle(title: string, story: string): void {
  print(`\n${paint('bold', `━━━ ${title} ${'━'.repeat(Math.max(3, 100 - title.length))}`)}`);
  print(paint('dim', story));
}

/** A line of the action's log. */
export function printLogLine(line: string): void {
  const [, command, rest = ''] = /^##\[(\w+)\](.*)$/s.exec(line) ?? [];
  const bar = paint('dim', '  │ ');
  if (command === undefined) return print(line, bar);
  if (command === 'endgroup') return;
  print(LOG_STYLES[command]?.(rest) ?? line, bar);
}

const LOG_STYLES: Readonly<Record<string, (text: string) => string>> = {
  group: (text) => paint('bold', `▾ ${text}`),
  error: (text) => paint('red', `Error: ${text}`),
  warning: (text) => paint('yellow', `Warning: ${text}`),
  notice: (text) => `Notice: ${text}`,
};

/** One line for each version of a comment, among the lines of the log. */
export function printCommentChange({ kind, pullRequest, comment }: CommentChange): void {
  const heading = /^#+ (.*)$/m.exec(comment.body)?.[1] ?? '';
  print(paint('cyan', `  │ 💬 comment on #${pullRequest} ${kind}: ${heading}`));
}

/** A comment as its readers see it. */
export function printComment(author: string, body: string): void {
  const bar = paint('dim', '  ┃ ');
  print(paint('bold', `\n  💬 ${author}`));
  print(showMarkdown(body), bar);
}

export function printChecks(checks: readonly Check[]): void {
  print();
  for (const { text, instead } of checks) {
    if (instead === undefined) print(`  ${paint('green', '✓')} ${text}`);
    else print(`  ${paint('red', '✗')} ${text} ${paint('red', `but found ${instead}`)}`);
  }
}

export function printVerdict(checks: readonly Check[], interrupted: boolean): void {
  const missed = checks.filter(({ instead }) => instead !== undefined).length;
  if (interrupted)
    print(paint('yellow', '\nInterrupted: the action was cancelled as on GitHub, and the rest was not played.'));
  else if (missed > 0) print(paint('red', `\n${missed} of ${checks.length} checks did not come true.`));
  else print(paint('green', `\nAll went as told: ${checks.length} checks.`));
}
