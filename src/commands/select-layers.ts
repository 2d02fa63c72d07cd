import type { Diagnostic } from '../diagnostics/diagnostic.js';
import { matchOrReport } from '../diagnostics/pattern-diagnostic.js';
import type { LayerGraph } from '../graph/layer-graph.js';
import { nodeOf } from '../graph/walk.js';
import { makeGlob } from '../lib/glob.js';
import { closest } from '../lib/closest.js';
import { findAffected } from '../plan/affected.js';
import type { Reason } from '../plan/reason.js';
import type { Workspace } from '../workspace/workspace.js';
import type { Selection } from './options.js';

export interface Selected {
  readonly targets: ReadonlySet<string>;
  /** Why layers are affected; empty when changed files are not known. */
  readonly affected: ReadonlyMap<string, readonly Reason[]>;
  readonly diagnostics: readonly Diagnostic[];
}

/** The layers a run is about: those that every given criterion allows. */
export function selectLayers(graph: LayerGraph, selection: Selection, { links }: Pick<Workspace, 'links'>): Selected {
  const affected = findAffected(graph, selection.changedFiles ?? [], links);
  const narrowed = selection.affectedOnly && selection.changedFiles !== undefined;
  const files = new Set(selection.templateFiles);
  const { names, diagnostics } = namesMatching(graph, selection.layers);
  const targets = graph.order.filter(
    (name) =>
      !nodeOf(graph, name).layer.onlyDescribes &&
      (files.size === 0 || files.has(nodeOf(graph, name).layer.templatePath)) &&
      (names === undefined || names.has(name)) &&
      (!narrowed || affected.has(name)),
  );
  return { targets: new Set(targets), affected, diagnostics };
}

function namesMatching(
  graph: LayerGraph,
  patterns: readonly string[],
): { readonly names: ReadonlySet<string> | undefined; readonly diagnostics: readonly Diagnostic[] } {
  if (patterns.length === 0) return { names: undefined, diagnostics: [] };
  const names = new Set<string>();
  const diagnostics: Diagnostic[] = [];
  for (const pattern of patterns) {
    const withDescendants = pattern.endsWith('+');
    const glob = withDescendants ? pattern.slice(0, -1) : pattern;
    const found = matchOrReport(() => graph.order.filter(makeGlob(glob).matches), {
      report: (diagnostic) => diagnostics.push(diagnostic),
    });
    if (found === undefined) continue;
    if (found.length === 0) diagnostics.push(unknownLayer(glob, graph));
    for (const name of found) {
      names.add(name);
      if (withDescendants) addDescendants(graph, name, names);
    }
  }
  return { names, diagnostics };
}

function addDescendants(graph: LayerGraph, name: string, into: Set<string>): void {
  const pending = [...nodeOf(graph, name).children];
  for (let child = pending.pop(); child !== undefined; child = pending.pop()) {
    into.add(child);
    pending.push(...nodeOf(graph, child).children);
  }
}

export function unknownLayer(name: string, graph: LayerGraph): Diagnostic {
  const near = closest(name, graph.nodes.keys());
  return {
    code: 'unknown-layer',
    message: `no layer is called "${name}"`,
    fix: near === undefined ? `use one of: ${graph.order.slice(0, 10).join(', ')}.` : `did you mean "${near}"?`,
  };
}
