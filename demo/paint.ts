import { styleText } from 'node:util';

type Style = 'bold' | 'dim' | 'cyan' | 'green' | 'red' | 'yellow';

/** Text in a style, where the output is a terminal and nobody asked for plain text (https://no-color.org). */
export function paint(style: Style, text: string): string {
  return process.stdout.isTTY && process.env.NO_COLOR === undefined ? styleText(style, text) : text;
}
