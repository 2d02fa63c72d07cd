import { lstatSync, readFileSync, realpathSync, statSync, type Stats } from 'node:fs';
import { isAbsolute, join, posix, sep } from 'node:path';
import { globSync } from 'tinyglobby';
import { fetchTemplate } from './fetch-template.js';
import type { Workspace } from './workspace.js';

const OWNER_MAY_EXECUTE = 0o100;

/**
 * The files below a folder. Symbolic links count as long as they stay below it; one that leaves it is as good as not
 * there. Folders are resolved once, so the workspace is for one run over a checkout that stands still.
 *
 * @throws when the folder does not exist.
 */
export function createFsWorkspace(root: string): Workspace {
  const realRoot = realpathSync(root);
  const insideFolders = new Map<string, boolean>();

  function isInside(realPath: string): boolean {
    return realPath === realRoot || realPath.startsWith(realRoot + sep);
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
    if (!staysBelow(normal)) return undefined;
    if (!isFolderInside(posix.dirname(normal))) return undefined;
    const file = join(realRoot, normal);
    const own = tryLstat(file);
    if (own === undefined) return undefined;
    if (own.isSymbolicLink() && !isInside(tryRealpath(file) ?? '')) return undefined;
    const stats = own.isSymbolicLink() ? statSync(file) : own;
    return stats.isFile() ? { file, stats } : undefined;
  }

  return {
    read: (path) => {
      const found = find(path);
      return found === undefined ? undefined : readFileSync(found.file);
    },
    isExecutable: (path) => {
      const found = find(path);
      return found !== undefined && (found.stats.mode & OWNER_MAY_EXECUTE) !== 0;
    },
    glob: (patterns) =>
      globSync(patterns.filter(staysBelow), {
        cwd: realRoot,
        dot: true,
        expandDirectories: false,
        ignore: ['**/.git/**', '**/node_modules/**'],
      })
        .filter((path) => find(path) !== undefined)
        .sort(),
    fetch: fetchTemplate,
  };
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

function tryRealpath(path: string): string | undefined {
  try {
    return realpathSync(path);
  } catch {
    return undefined;
  }
}
