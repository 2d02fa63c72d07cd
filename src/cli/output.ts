import { visible } from '../lib/visible.js';

/** A standard stream of the process. */
export interface OutputStream {
  readonly isTTY?: boolean;
  readonly write: (text: string) => unknown;
}

/** What the command line prints with; see Terminal. */
export interface Output {
  readonly out: (line: string) => void;
  readonly err: (line: string) => void;
  readonly data: (text: string) => void;
}

/**
 * All that writes to a terminal. Of what is printed only the line feed and the tab are obeyed; what else would not be seen
 * is shown by its number. Programs get texts as they are, where no terminal is there to read them.
 */
export function makeOutput(stdout: OutputStream, stderr: OutputStream): Output {
  return {
    out: (line) => {
      stdout.write(`${visible(line)}\n`);
    },
    err: (line) => {
      stderr.write(`${visible(line)}\n`);
    },
    data: (text) => {
      stdout.write(`${stdout.isTTY === true ? visible(text) : text}\n`);
    },
  };
}
