import { info } from '@actions/core';

/** Prints lines as they are. What is remote in them has to be made safe before (report/untrusted.ts). */
export function print(lines: readonly string[]): void {
  for (const line of lines) info(line);
}
