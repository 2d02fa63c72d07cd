import { setSecret } from '@actions/core';

/** Keeps a text out of the log of the job. */
export function maskSecret(secret: string): void {
  setSecret(secret);
}
