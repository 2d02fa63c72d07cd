import { expect } from '@jest/globals';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const DIRECTORY = join(import.meta.dirname, 'golden');

/**
 * Compares a rendered document with `golden/<name>`, whole. `UPDATE_GOLDEN=1` writes the files instead; a file that is
 * not there fails, so that a new example has to be looked at once.
 */
export function expectGolden(name: string, text: string): void {
  const path = join(DIRECTORY, name);
  if (process.env.UPDATE_GOLDEN === '1') {
    mkdirSync(DIRECTORY, { recursive: true });
    writeFileSync(path, text);
    return;
  }
  expect(existsSync(path) ? text : `no golden file ${name}; run with UPDATE_GOLDEN=1 and read it`).toBe(
    existsSync(path) ? readFileSync(path, 'utf8') : '',
  );
}
