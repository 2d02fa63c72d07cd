import type { LayerGraph } from '../graph/layer-graph.js';
import { nodeOf } from '../graph/walk.js';
import { makeGlob, TooMuchToMatch } from '../lib/glob.js';
import { memoize } from '../lib/memoize.js';
import type { FileUse } from '../template/layer.js';
import type { FileRole, Reason } from './reason.js';

/**
 * Changed files → affected layers with the reasons: their own files changed, or they stand on an affected layer.
 * It explains and narrows; whether something is built is decided by the hash.
 *
 * @param changedFiles paths relative to the repository root, deleted ones included.
 */
export function findAffected(
  graph: LayerGraph,
  changedFiles: readonly string[],
): ReadonlyMap<string, readonly Reason[]> {
  const affected = new Map<string, readonly Reason[]>();
  if (changedFiles.length === 0) return affected;
  const changed = new Set(changedFiles);
  const matching = memoize((pattern: string) => filesMatching(pattern, changedFiles));
  for (const name of graph.order) {
    const { layer, ...below } = nodeOf(graph, name);
    const parent = below.parent ?? below.describedBy;
    const own = changesOf(layer.uses, changed, matching);
    if (own.length > 0) affected.set(name, own);
    else if (parent !== undefined && affected.has(parent)) affected.set(name, [{ kind: 'parent-affected', parent }]);
  }
  return affected;
}

function changesOf(
  uses: FileUse,
  changed: ReadonlySet<string>,
  matching: (pattern: string) => readonly string[],
): readonly Reason[] {
  const exact = [
    ...present([uses.template], changed, 'template'),
    ...present(uses.scripts, changed, 'script'),
    ...present(uses.checks, changed, 'check'),
  ];
  return [...exact, ...matched(uses.inputGlobs, 'input'), ...matched(uses.checkGlobs, 'check')];

  function matched(globs: readonly string[], role: FileRole): readonly Reason[] {
    if (globs.length === 0) return [];
    const paths = new Set(globs.flatMap(matching));
    return present([...changed], paths, role);
  }
}

/** All of them, where it would take too long to say which: then the hash decides alone. */
function filesMatching(pattern: string, files: readonly string[]): readonly string[] {
  try {
    return files.filter(makeGlob(pattern).matches);
  } catch (error) {
    if (error instanceof TooMuchToMatch) return files;
    throw error;
  }
}

function present(paths: readonly string[], changed: ReadonlySet<string>, role: FileRole): readonly Reason[] {
  return paths.filter((path) => changed.has(path)).map((path) => fileChanged(path, role));
}

function fileChanged(path: string, role: FileRole): Reason {
  return { kind: 'file-changed', path, role };
}
