import { styleText } from 'node:util';

const COLOURS = process.stdout.isTTY && process.env.NO_COLOR === undefined;

type Style = 'bold' | 'dim' | 'cyan' | 'green' | 'red' | 'yellow';

/** Text in a style, where the output is a terminal that wants colours. */
export function paint(style: Style, text: string): string {
  return COLOURS ? styleText(style, text) : text;
}
