import { createHash } from 'node:crypto';
import { lstatSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';

const BIGGEST_READ_BYTES = 65_536;

/**
 * All that these files and folders are: each entry's name, type, mode, owner, size and time of last change, and the content
 * of small files. By path, so that a difference says where it is.
 */
export function fingerprint(paths: readonly string[]): ReadonlyMap<string, string> {
  const entries = new Map<string, string>();
  for (const entry of paths) add(entry, entries);
  return entries;
}

/** /etc, /usr/bin and the home directory of whoever runs the tests. */
export function fingerprintMachine(): ReadonlyMap<string, string> {
  return fingerprint(['/etc', '/usr/bin', ...partsOfHome()]);
}

export function differences(before: ReadonlyMap<string, string>, after: ReadonlyMap<string, string>): string[] {
  return [...new Set([...before.keys(), ...after.keys()])].filter((entry) => before.get(entry) !== after.get(entry));
}

/** Without hidden folders other than those of keys: other programs keep their caches and logs there. And without this checkout. */
function partsOfHome(): readonly string[] {
  const home = homedir();
  const own = path.relative(home, process.cwd()).split(path.sep)[0];
  return readdirSync(home, { withFileTypes: true })
    .filter((entry) => entry.name !== own)
    .filter((entry) => !entry.isDirectory() || !entry.name.startsWith('.') || ['.ssh', '.aws'].includes(entry.name))
    .map((entry) => path.join(home, entry.name));
}

function add(entry: string, entries: Map<string, string>): void {
  const stats = lstatSync(entry);
  const { mode, uid, gid, size, mtimeMs } = stats;
  entries.set(entry, [mode, uid, gid, size, mtimeMs, contentOf(entry, stats)].join(' '));
  if (stats.isDirectory()) for (const name of readdirSync(entry)) add(path.join(entry, name), entries);
}

function contentOf(entry: string, stats: ReturnType<typeof lstatSync>): string {
  if (stats?.isSymbolicLink()) return readlinkSync(entry);
  if (!stats?.isFile() || stats.size > BIGGEST_READ_BYTES) return '';
  return createHash('sha256').update(readFileSync(entry)).digest('base64');
}
