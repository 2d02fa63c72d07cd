import { posix } from 'node:path';
import { isGitsOwn } from '../workspace/is-gits-own.js';

/**
 * A path as a template writes it (relative to the template, or from the repository root with a leading `/`) → relative
 * to the repository root. Undefined when it leaves the repository, or is what git keeps for itself. Works for glob patterns too.
 */
export function repositoryPath(templatePath: string, written: string): string | undefined {
  const path = written.startsWith('/')
    ? posix.normalize(written.slice(1))
    : posix.join(posix.dirname(templatePath), written);
  return path === '..' || path.startsWith('../') || posix.isAbsolute(path) || isGitsOwn(path) ? undefined : path;
}

/** The same for a glob pattern: only what the template writes is one, the folder that it lies in is a name. */
export function repositoryPattern(templatePath: string, written: string): string {
  return written.startsWith('/')
    ? posix.normalize(written.slice(1))
    : posix.join(literal(posix.dirname(templatePath)), written);
}

/** A pattern that a name alone matches, whatever characters are in it. */
export function literal(path: string): string {
  return path.replaceAll(/[\\*?[\]{}()!]/g, '\\$&');
}

/** Whether a path is a glob pattern and not the name of one file or folder, if there is none called so. */
export function isGlob(path: string): boolean {
  return /[*?[\]{}()!]/.test(path);
}
