import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join, posix } from 'node:path';
import { makeGlob } from '../lib/glob.js';
import { memoize } from '../lib/memoize.js';
import { isBlob, readCommittedTree, type CommittedEntry, type CommittedTree } from './committed-tree.js';
import { lfsDigest } from './lfs-pointer.js';
import type { Workspace } from './workspace.js';

/** A file that was read, or looked for, and is not as the commit has it. */
export interface ForeignFile {
  readonly path: string;
  /** Continues "it": `differs from the commit`. */
  readonly why: string;
}

export interface CommittedFiles {
  /** The same files as before; what is asked of it is checked. */
  readonly workspace: Workspace;
  /** All that was foreign so far, each file once. */
  readonly foreign: () => readonly ForeignFile[];
}

interface Place {
  readonly repository: string;
  readonly tree: CommittedTree;
}

export interface Checkout {
  /** What the workspace's paths are relative to. */
  readonly root: string;
  /** The commit that the run is for. */
  readonly commit: string;
  /** For git. */
  readonly env: Readonly<Record<string, string | undefined>>;
}

const EXECUTABLE = '100755';
const FILES: readonly string[] = ['100644', EXECUTABLE];
const SUBMODULE = '160000';

/** Where a workspace looks for no files either. */
const NEVER_SEARCHED = /(^|\/)(\.git|node_modules)(\/|$)/;

/**
 * A checkout whose every file is compared with a commit: in the git repository that contains the file, and for a
 * submodule with the commit that its own repository's commit names.
 */
export function compareWithCommit(workspace: Workspace, { root, commit, env }: Checkout): CommittedFiles {
  const foreign = new Map<string, string>();

  const hasGit = memoize((folder: string) => existsSync(join(root, folder, '.git')));
  /** The innermost repository around a folder, relative to the root; undefined: there is none. */
  const repositoryOf = memoize((folder: string): string | undefined => {
    if (hasGit(folder)) return folder;
    return folder === '.' ? undefined : repositoryOf(posix.dirname(folder));
  });
  const treeOf = memoize(
    (repository: string): CommittedTree | 'absent' =>
      readCommittedTree(join(root, repository), commitOf(repository), env) ?? 'absent',
  );
  const commitOf = (repository: string): string => {
    const outer = repository === '.' ? undefined : repositoryOf(posix.dirname(repository));
    const tree = outer === undefined ? 'absent' : treeOf(outer);
    const entry = outer === undefined || tree === 'absent' ? undefined : tree.find(posix.relative(outer, repository));
    return entry?.mode === SUBMODULE ? entry.id : commit;
  };

  /** One that lies over files of the commit would have them be others of it: those that its own root names so. */
  const covers = memoize((repository: string): boolean => {
    const outer = repository === '.' ? undefined : repositoryOf(posix.dirname(repository));
    if (outer === undefined) return false;
    if (covers(outer)) return true;
    const tree = treeOf(outer);
    const folder = posix.relative(outer, repository);
    if (tree === 'absent' || tree.find(folder)?.mode === SUBMODULE) return false;
    // Below the folder, or on the way to it: a link of the commit, which leads to files of the commit.
    return [...tree.paths()].some((path) => path.startsWith(`${folder}/`) || `${folder}/`.startsWith(`${path}/`));
  });

  /** Where a path would be in the commit. */
  const placeOf = (folder: string): Place | string => {
    const repository = repositoryOf(folder);
    if (repository === undefined) return 'is in no git checkout';
    if (covers(repository)) return `is in a git repository that lies over files of the commit, in ${repository}`;
    const tree = treeOf(repository);
    if (tree !== 'absent') return { repository, tree };
    return `is in a checkout that does not have the commit ${commitOf(repository)}`;
  };

  /** What the commit has at a path, if it is a file; where that cannot be told, why not. */
  const committed = (path: string): CommittedFile | undefined | string => {
    const place = placeOf(posix.dirname(path));
    if (typeof place === 'string') return place;
    const entry = place.tree.find(posix.relative(place.repository, path));
    return entry !== undefined && FILES.includes(entry.mode) ? { entry, tree: place.tree } : undefined;
  };

  const whyForeign = (path: string, bytes: Uint8Array | undefined): string | undefined => {
    const file = committed(path);
    if (bytes === undefined) return typeof file === 'object' ? 'is in the commit, but not here' : undefined;
    if (file === undefined) return 'is not in the commit';
    if (typeof file === 'string') return file;
    return isContentOf(bytes, file) ? undefined : 'differs from the commit';
  };

  const note = (path: string, why: string | undefined): void => {
    if (why !== undefined) foreign.set(path, why);
  };

  return {
    foreign: () => [...foreign].map(([path, why]) => ({ path, why })),
    workspace: {
      read: (path) => {
        const bytes = workspace.read(path);
        const normal = posix.normalize(path);
        note(normal, whyForeign(normal, bytes));
        return bytes;
      },
      isExecutable: (path) => {
        const is = workspace.isExecutable(path);
        const normal = posix.normalize(path);
        const file = committed(normal);
        // What is no file of the commit is found out when it is read.
        if (typeof file === 'object' && (file.entry.mode === EXECUTABLE) !== is)
          note(normal, 'has another mode in the commit');
        return is;
      },
      glob: (patterns) => {
        const found = workspace.glob(patterns);
        for (const path of missingOf(patterns, new Set(found))) note(path, 'is in the commit, but not here');
        return found;
      },
      links: workspace.links,
      largeFiles: workspace.largeFiles,
      fetch: workspace.fetch,
    },
  };

  /** What is taken away changes a layer as much as what is put there. */
  function missingOf(patterns: readonly string[], found: ReadonlySet<string>): readonly string[] {
    return patterns.flatMap((pattern) => {
      const { folder, matches } = makeGlob(pattern);
      const start = posix.normalize(folder || '.');
      const place = placeOf(start);
      if (typeof place === 'string') return [];
      return filesOf(place, start).filter(
        (path) => (matches(path) && !NEVER_SEARCHED.test(path) && !found.has(path)) || isBelow(start, path),
      );
    });
  }

  /** A commit's files and those of its submodules, as far as a folder has to do with them; a submodule that is not here is one. */
  function filesOf({ repository, tree }: Place, start: string): readonly string[] {
    return [...tree.paths()].flatMap((path) => {
      const full = posix.join(repository, path);
      const mode = tree.find(path)?.mode ?? '';
      if (FILES.includes(mode)) return [full];
      if (mode !== SUBMODULE || !(isBelow(full, start) || isBelow(start, full))) return [];
      const inner = hasGit(full) ? treeOf(full) : 'absent';
      return inner === 'absent' ? [full] : filesOf({ repository: full, tree: inner }, start);
    });
  }
}

/** Whether a path is a folder's, or the folder. */
function isBelow(path: string, folder: string): boolean {
  return folder === '.' || path === folder || path.startsWith(`${folder}/`);
}

interface CommittedFile {
  readonly entry: CommittedEntry;
  readonly tree: CommittedTree;
}

function isContentOf(bytes: Uint8Array, { entry, tree }: CommittedFile): boolean {
  if (isBlob(bytes, entry.id)) return true;
  const blob = tree.blob(entry.id);
  const oid = blob === undefined ? undefined : lfsDigest(blob);
  return oid !== undefined && createHash('sha256').update(bytes).digest('hex') === oid;
}
