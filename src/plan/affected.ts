import type { LayerGraph } from '../graph/layer-graph.js';
import { nodeOf } from '../graph/walk.js';
import { followLinks, type Links } from '../lib/follow-links.js';
import { makeGlob, TooMuchToMatch } from '../lib/glob.js';
import { memoize } from '../lib/memoize.js';
import type { FileUse } from '../template/layer.js';
import { linkedPlaces, nameIn } from './linked-places.js';
import type { FileRole, Reason } from './reason.js';

/**
 * Changed files → affected layers with the reasons: what their own files are read from changed, whatever it is called,
 * or they stand on an affected layer. It explains and narrows; whether something is built is decided by the hash. A
 * changed link or submodule counts for all that can be read through it.
 *
 * @param changedFiles paths relative to the repository root, deleted ones included; also with a slash behind it, a name
 * for all that is below.
 * @param linksOf the symbolic links that are there now; asked only where something changed.
 */
export function findAffected(
  graph: LayerGraph,
  changedFiles: readonly string[],
  linksOf: () => Links,
): ReadonlyMap<string, readonly Reason[]> {
  const affected = new Map<string, readonly Reason[]>();
  if (changedFiles.length === 0) return affected;
  const changed = changesAmong(changedFiles, linksOf());
  for (const name of graph.order) {
    const { layer, ...below } = nodeOf(graph, name);
    const parent = below.parent ?? below.describedBy;
    const own = reasonsOf(layer.uses, changed);
    if (own.length > 0) affected.set(name, own);
    else if (parent !== undefined && affected.has(parent)) affected.set(name, [{ kind: 'parent-affected', parent }]);
  }
  return affected;
}

interface Changes {
  readonly files: readonly string[];
  /** What changed of what a path is read from. */
  readonly ofPath: (path: string) => readonly string[];
  /** What changed of what a pattern finds. */
  readonly ofPattern: (pattern: string) => readonly string[];
}

function changesAmong(changedFiles: readonly string[], links: Links): Changes {
  const files = changedFiles.filter((path) => !path.endsWith('/'));
  const changed = new Set(files);
  const leadOn = new Set(changedFiles.filter((path) => path.endsWith('/')).map((path) => path.slice(0, -1)));
  /** A path, and the links and submodules above it: they decide what is there. */
  const at = (path: string): readonly string[] =>
    withFoldersAbove(path).filter((name) => (name === path ? changed : leadOn).has(name));
  const ofWay = (path: string): readonly string[] => {
    const { through, end } = followLinks(path, links);
    return unique([path, ...through, ...(end === undefined ? [] : [end])].flatMap(at));
  };
  const ofPattern = (pattern: string): readonly string[] => {
    const glob = makeGlob(pattern);
    const places = linkedPlaces(glob, links);
    if (places === undefined) return files;
    const leadThere = new Set(
      places.flatMap(({ name, real, through }) => [name, ...through, real ?? ''].flatMap(withFoldersAbove)),
    );
    return files.filter((path) => {
      const leadsOn = leadOn.has(path) || links.has(path);
      if (leadsOn && leadThere.has(path)) return true;
      const names = [path, ...places.flatMap((place) => nameIn(place, path) ?? [])];
      return names.some((name) => glob.matches(name) || (leadsOn && glob.mayMatchBelow(name)));
    });
  };
  return { files, ofPath: memoize(ofWay), ofPattern: memoize((pattern) => orAll(() => ofPattern(pattern), files)) };
}

/** All of them, where it would take too long to say which: then the hash decides alone. */
function orAll(match: () => readonly string[], files: readonly string[]): readonly string[] {
  try {
    return match();
  } catch (error) {
    if (error instanceof TooMuchToMatch) return files;
    throw error;
  }
}

function reasonsOf(uses: FileUse, { files, ofPath, ofPattern }: Changes): readonly Reason[] {
  const exact = (paths: readonly string[], role: FileRole): readonly Reason[] =>
    unique(paths.flatMap(ofPath)).map((path) => fileChanged(path, role));
  const matched = (globs: readonly string[], role: FileRole): readonly Reason[] => {
    const paths = new Set(globs.flatMap(ofPattern));
    return files.filter((path) => paths.has(path)).map((path) => fileChanged(path, role));
  };
  return [
    ...exact([uses.template], 'template'),
    ...exact(uses.scripts, 'script'),
    ...exact(uses.checks, 'check'),
    ...matched(uses.inputGlobs, 'input'),
    ...matched(uses.checkGlobs, 'check'),
  ];
}

/** `a/b/c` → `a`, `a/b`, `a/b/c`. */
function withFoldersAbove(path: string): readonly string[] {
  const parts = path.split('/');
  return parts.map((_, index) => parts.slice(0, index + 1).join('/'));
}

function unique(paths: readonly string[]): readonly string[] {
  return [...new Set(paths)];
}

function fileChanged(path: string, role: FileRole): Reason {
  return { kind: 'file-changed', path, role };
}
