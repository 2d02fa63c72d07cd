import { getInput } from '@actions/core';

/** An input's text, trimmed, as the runner hands it over; empty when it is not set. */
export function readInput(name: string): string {
  return getInput(name);
}
