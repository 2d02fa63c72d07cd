import { endGroup, info, startGroup } from '@actions/core';

/** Prints lines in a group that GitHub shows folded. Groups do not nest. */
export function printGroup(title: string, lines: readonly string[]): void {
  startGroup(title);
  for (const line of lines) info(line);
  endGroup();
}

/**
 * Prints what a builder wrote while the runner takes no workflow command from it. `token` has to be new and random for
 * each call: who knows it can switch commands on again.
 */
export function printWithCommandsStopped(token: string, lines: readonly string[]): void {
  info(`::stop-commands::${token}`);
  try {
    for (const line of lines) info(line);
  } finally {
    info(`::${token}::`);
  }
}

/** Prints lines as they are. What is remote in them has to be made safe before (report/untrusted.ts). */
export function print(lines: readonly string[]): void {
  for (const line of lines) info(line);
}
