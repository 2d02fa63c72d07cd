import { execFileSync } from 'node:child_process';
import { posix } from 'node:path';
import { matchesAny } from '../lib/glob.js';
import { fetchTemplate } from './fetch-template.js';
import { gitStart } from './git-arguments.js';
import { isGitsOwn } from './is-gits-own.js';
import type { Workspace } from './workspace.js';

const MOST_OUTPUT_BYTES = 256 * 1024 * 1024;
const MOST_LINKS = 10;
const LINK = '120000';

interface TreeEntry {
  readonly mode: string;
  readonly blob: string;
}

/**
 * The files of a commit, as they were; nothing is checked out. Symbolic links to files of the same commit count, those
 * to folders do not.
 *
 * @throws when git does not know the commit.
 */
export function createGitWorkspace(
  root: string,
  { commit, env }: { readonly commit: string; readonly env: Readonly<Record<string, string | undefined>> },
): Workspace {
  const start = gitStart(root, env);
  const git = (...args: readonly string[]): Buffer =>
    execFileSync('git', [...start.leading, ...args], {
      cwd: root,
      env: start.env,
      maxBuffer: MOST_OUTPUT_BYTES,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
  const entries = readTree(git('ls-tree', '-r', '-z', '--full-tree', '--end-of-options', `${commit}^{commit}`));

  function find(path: string, links = 0): TreeEntry | undefined {
    const entry = entries.get(posix.normalize(path));
    if (entry?.mode !== LINK) return entry;
    const target = posix.join(posix.dirname(path), git('cat-file', 'blob', entry.blob).toString());
    return links < MOST_LINKS ? find(target, links + 1) : undefined;
  }

  return {
    read: (path) => {
      const entry = find(path);
      return entry === undefined ? undefined : git('cat-file', 'blob', entry.blob);
    },
    isExecutable: (path) => find(path)?.mode === '100755',
    glob: (patterns) => {
      const matches = matchesAny(patterns);
      return [...entries.keys()].filter((path) => matches(path) && find(path) !== undefined).sort();
    },
    links: () => {
      const links = [...entries].filter(([, { mode }]) => mode === LINK);
      return new Map(links.map(([path, { blob }]) => [path, git('cat-file', 'blob', blob).toString()]));
    },
    largeFiles: 'pointers',
    fetch: fetchTemplate,
  };
}

/** `<mode> blob <id>\t<path>`, each ended by a zero byte; what is no blob is another repository. */
function readTree(listing: Buffer): ReadonlyMap<string, TreeEntry> {
  const entries = new Map<string, TreeEntry>();
  for (const line of listing.toString().split('\0')) {
    const [, mode, blob, path] = /^(\d+) blob ([0-9a-f]+)\t(.*)$/s.exec(line) ?? [];
    if (mode !== undefined && blob !== undefined && path !== undefined && !isGitsOwn(path))
      entries.set(path, { mode, blob });
  }
  return entries;
}
