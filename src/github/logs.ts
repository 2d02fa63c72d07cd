import { endGroup, info, startGroup } from '@actions/core';

/** Prints lines as they are. What is remote in them has to be made safe before (report/untrusted.ts). */
export function print(lines: readonly string[]): void {
  for (const line of lines) info(line);
}

/** The same, folded under a title. Groups do not nest. */
export function printGroup(title: string, lines: readonly string[]): void {
  startGroup(title);
  print(lines);
  endGroup();
}
