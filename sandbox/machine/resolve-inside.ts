import { lstatSync, readlinkSync } from 'node:fs';
import path from 'node:path';

/** As many links in one path as the kernel follows (`man path_resolution`). */
const MOST_LINKS = 40;

/** Where a path of another system lies on this one: symbolic links are followed as if `root` were `/`. */
export function resolveInside(root: string, wanted: string): string {
  let left = parts(wanted);
  let found: readonly string[] = [];
  for (let links = 0; left.length > 0;) {
    const [name = '', ...rest] = left;
    left = rest;
    if (name === '..') {
      found = found.slice(0, -1);
      continue;
    }
    const target = linkAt(path.join(root, ...found, name));
    if (target === undefined) {
      found = [...found, name];
      continue;
    }
    links += 1;
    if (links > MOST_LINKS) throw new Error(`too many symbolic links in ${wanted} of ${root}`);
    if (target.startsWith('/')) found = [];
    left = [...parts(target), ...left];
  }
  return path.join(root, ...found);
}

function parts(text: string): readonly string[] {
  return text.split('/').filter((part) => part !== '' && part !== '.');
}

function linkAt(file: string): string | undefined {
  return lstatSync(file, { throwIfNoEntry: false })?.isSymbolicLink() === true ? readlinkSync(file) : undefined;
}
