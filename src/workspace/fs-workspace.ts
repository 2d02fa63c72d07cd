import { lstatSync, readFileSync, readlinkSync, realpathSync, statSync, type Stats } from 'node:fs';
import { isAbsolute, join, posix, relative, sep } from 'node:path';
import { InvalidInput } from '../diagnostics/diagnostic.js';
import { makeGlob, TooMuchToMatch } from '../lib/glob.js';
import { fetchTemplate } from './fetch-template.js';
import { isGitsOwn } from './is-gits-own.js';
import { walkFiles, walkLinks } from './walk-files.js';
import type { Workspace } from './workspace.js';

/** Node reads no larger one whole. */
const LARGEST_FILE = 2 ** 31 - 1;
const OWNER_MAY_EXECUTE = 0o100;
/** More than the largest repositories have; links that lead to folders with links can be walked without end. */
const MOST_ENTRIES = 2_000_000;
/** Of all patterns together, and a run has thousands: seconds. */
const MOST_WORK = 2_000_000_000;
/** Steps of matching that take as long as reading one entry of a folder. */
const ENTRY = 50;

/**
 * The files below a folder. Symbolic links count as long as they stay below it; one that leaves it is as good as not
 * there, and so is what git keeps for itself. Folders are resolved once, so the workspace is for one run over a checkout that stands still.
 *
 * @throws when the folder does not exist.
 */
export function createFsWorkspace(root: string): Workspace {
  const realRoot = realpathSync(root);
  const insideFolders = new Map<string, boolean>();
  let work = 0;

  function isInside(realPath: string): boolean {
    return (realPath === realRoot || realPath.startsWith(realRoot + sep)) && !isGitsOwn(realPath);
  }

  function isFolderInside(folder: string): boolean {
    const known = insideFolders.get(folder);
    if (known !== undefined) return known;
    const inside = isInside(tryRealpath(join(realRoot, folder)) ?? '');
    insideFolders.set(folder, inside);
    return inside;
  }

  function find(path: string): { readonly file: string; readonly stats: Stats } | undefined {
    const normal = posix.normalize(path);
    if (!staysBelow(normal) || isGitsOwn(normal)) return undefined;
    if (!isFolderInside(posix.dirname(normal))) return undefined;
    const file = join(realRoot, normal);
    const own = tryLstat(file);
    if (own === undefined) return undefined;
    if (own.isSymbolicLink() && !isInside(tryRealpath(file) ?? '')) return undefined;
    const stats = own.isSymbolicLink() ? statSync(file) : own;
    return stats.isFile() ? { file, stats } : undefined;
  }

  /** One that is absolute and stays inside is told as what it comes to. */
  function linkText(path: string): string {
    const written = tryReadlink(join(realRoot, path)) ?? '';
    return written === realRoot || written.startsWith(realRoot + sep)
      ? relative(join(realRoot, posix.dirname(path)), written)
      : written;
  }

  function filesMatching(pattern: string): readonly string[] {
    const { folder, depth, matches, steps } = makeGlob(pattern);
    let entries = 0;
    const onEntry = (): void => {
      entries += 1;
      if (entries > MOST_ENTRIES || work + entries * ENTRY > MOST_WORK) throw new TooMuchToMatch(pattern);
    };
    const found = walkFiles({ root: realRoot, folder, depth, onEntry }).filter(matches);
    work += steps() + entries * ENTRY;
    return found;
  }

  return {
    read: (path) => {
      const found = find(path);
      if (found === undefined) return undefined;
      if (found.stats.size > LARGEST_FILE) throw tooLarge(path, found.stats.size);
      return readFileSync(found.file);
    },
    isExecutable: (path) => {
      const found = find(path);
      return found !== undefined && (found.stats.mode & OWNER_MAY_EXECUTE) !== 0;
    },
    glob: (patterns) => {
      const found = patterns
        .map((pattern) => posix.normalize(pattern))
        .filter(staysBelow)
        .flatMap(filesMatching);
      return [...new Set(found)].filter((path) => find(path) !== undefined).sort();
    },
    links: () => new Map(walkLinks(realRoot).map((path) => [path, linkText(path)])),
    fetch: fetchTemplate,
  };
}

function tooLarge(path: string, bytes: number): InvalidInput {
  return new InvalidInput([
    {
      code: 'bad-input',
      message: `${path} has ${bytes} bytes, more than the ${LARGEST_FILE} that can be read`,
      fix: 'let a step download it, or leave it out of what templates name.',
    },
  ]);
}

/** Of a pattern too: what is outside is not even walked through. */
function staysBelow(path: string): boolean {
  const normal = posix.normalize(path);
  return !isAbsolute(normal) && normal !== '..' && !normal.startsWith('../');
}

/** A name that no file system takes (too long, a NUL in it) is the name of no file. */
function tryLstat(path: string): Stats | undefined {
  try {
    return lstatSync(path, { throwIfNoEntry: false });
  } catch {
    return undefined;
  }
}

function tryReadlink(path: string): string | undefined {
  try {
    return readlinkSync(path);
  } catch {
    return undefined;
  }
}

function tryRealpath(path: string): string | undefined {
  try {
    return realpathSync(path);
  } catch {
    return undefined;
  }
}
