import { closeSync, constants, lstatSync, mkdirSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import { InvalidInput } from '../diagnostics/diagnostic.js';

const { O_APPEND, O_CREAT, O_EXCL, O_NOFOLLOW, O_TRUNC, O_WRONLY } = constants;

/**
 * Makes the folder, of which no part below `base` may be a link: a repository can have one under the name that is to be
 * written, and it can lead anywhere.
 *
 * @throws InvalidInput
 */
export function makeOwnFolder(base: string, folder: string): string {
  const whole = resolve(base, folder);
  const below = relative(base, whole);
  const parts = below.startsWith('..') || isAbsolute(below) ? [] : below.split(sep);
  parts.reduce((above, part) => {
    const at = join(above, part);
    if (lstatSync(at, { throwIfNoEntry: false })?.isSymbolicLink() === true) throw refusedLink(at);
    return at;
  }, base);
  mkdirSync(whole, { recursive: true });
  return whole;
}

/**
 * Writes a file, and neither through a link nor, when it has to be new, into one that is there.
 *
 * @throws InvalidInput when a link is in the way.
 */
export function writeOwnFile(
  base: string,
  path: string,
  {
    content,
    how,
    mode = 0o666,
  }: { readonly content: string | Uint8Array; readonly how: keyof typeof HOW; readonly mode?: number },
): string {
  const file = resolve(base, path);
  makeOwnFolder(base, dirname(file));
  if (how === 'new-in-place' && lstatSync(file, { throwIfNoEntry: false }) !== undefined) rmSync(file);
  const opened = open(file, O_WRONLY | O_CREAT | O_NOFOLLOW | HOW[how], mode);
  try {
    writeFileSync(opened, content);
  } finally {
    closeSync(opened);
  }
  return file;
}

const HOW = {
  /** Nothing may be there. */
  new: O_EXCL,
  /** What is there, a link too, is removed first. */
  'new-in-place': O_EXCL,
  over: O_TRUNC,
  append: O_APPEND,
} as const;

function open(file: string, flags: number, mode: number): number {
  try {
    return openSync(file, flags, mode);
  } catch (error) {
    if (typeof error === 'object' && error !== null && 'code' in error && error.code === 'ELOOP')
      throw refusedLink(file);
    throw error;
  }
}

function refusedLink(path: string): InvalidInput {
  return new InvalidInput([
    {
      code: 'bad-input',
      message: `${path} is a symbolic link: what is written there would go elsewhere`,
      fix: 'remove the link, or name another place.',
    },
  ]);
}
