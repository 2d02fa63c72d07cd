import { readdirSync, realpathSync, statSync, type Dirent } from 'node:fs';
import { join, sep } from 'node:path';
import { isGitsOwn } from './is-gits-own.js';

export interface Walk {
  /** Everything is below it, links followed; a real path. */
  readonly root: string;
  /** Where to begin, relative to the root, with forward slashes; empty: the root. */
  readonly folder: string;
  /** Folders below the begin that are entered; undefined: all. */
  readonly depth: number | undefined;
  /** Told of every entry that is looked at; ends the walk by throwing. */
  readonly onEntry: () => void;
}

interface Folder {
  readonly path: string;
  readonly real: string;
  readonly depth: number;
  /** The folder it was found in. */
  readonly above: Folder | undefined;
}

/** Paths of files and of links to something, relative to the root. What git keeps and node_modules are not entered. */
export function walkFiles({ root, folder, depth, onEntry }: Walk): readonly string[] {
  const files: string[] = [];
  const start = realFolder(join(root, folder), root);
  if (start === undefined || isLeftOut(folder)) return files;
  const pending: Folder[] = [{ path: folder, real: start, depth: 0, above: undefined }];
  for (let at = pending.pop(); at !== undefined; at = pending.pop()) {
    for (const entry of entriesOf(at.real)) {
      onEntry();
      if (isLeftOut(entry.name)) continue;
      const path = at.path === '' ? entry.name : `${at.path}/${entry.name}`;
      const real = entry.isDirectory() ? join(at.real, entry.name) : linkedFolder(entry, at, root);
      if (real === undefined) files.push(path);
      else if (depth === undefined || at.depth < depth) pending.push({ path, real, depth: at.depth + 1, above: at });
    }
  }
  return files;
}

/** Paths of the symbolic links below a folder; none is followed. */
export function walkLinks(root: string): readonly string[] {
  const links: string[] = [];
  const pending = [''];
  for (let folder = pending.pop(); folder !== undefined; folder = pending.pop()) {
    for (const entry of entriesOf(join(root, folder))) {
      if (isLeftOut(entry.name)) continue;
      const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
      if (entry.isDirectory()) pending.push(path);
      else if (entry.isSymbolicLink()) links.push(path);
    }
  }
  return links;
}

function isLeftOut(path: string): boolean {
  return isGitsOwn(path) || path.split('/').includes('node_modules');
}

/** Where a link to a folder leads; undefined: to a file, out of the root, or to where the walk has come from. */
function linkedFolder(entry: Dirent, at: Folder, root: string): string | undefined {
  if (!entry.isSymbolicLink()) return undefined;
  const real = realFolder(join(at.real, entry.name), root);
  for (let above: Folder | undefined = at; above !== undefined; above = above.above) {
    if (above.real === real) return undefined;
  }
  return real;
}

function realFolder(path: string, root: string): string | undefined {
  try {
    const real = realpathSync(path);
    const isInside = real === root || real.startsWith(root + sep);
    return isInside && !isGitsOwn(real) && statSync(real).isDirectory() ? real : undefined;
  } catch {
    return undefined;
  }
}

function entriesOf(folder: string): readonly Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    return [];
  }
}
