import type { LayerGraph, LayerNode } from './layer-graph.js';

/** A node that the caller knows to be there. Throws when it is not: that is a bug, not a user's mistake. */
export function nodeOf(graph: LayerGraph, name: string): LayerNode {
  const node = graph.nodes.get(name);
  if (node === undefined) throw new Error(`no layer "${name}" in the graph`);
  return node;
}

/** Names of the ancestors, nearest first. */
export function ancestorsOf(graph: LayerGraph, name: string): readonly string[] {
  const ancestors: string[] = [];
  for (let at = nodeOf(graph, name).parent; at !== undefined; at = nodeOf(graph, at).parent) ancestors.push(at);
  return ancestors;
}

/** Names of the ancestors and of the layers that describe what they stand on, nearest first. */
export function everythingBelow(graph: LayerGraph, name: string): readonly string[] {
  const below: string[] = [];
  const next = ({ parent, describedBy }: LayerNode): string | undefined => parent ?? describedBy;
  for (let at = next(nodeOf(graph, name)); at !== undefined; at = next(nodeOf(graph, at))) below.push(at);
  return below;
}

/** The named layers and all their ancestors. */
export function withAncestors(graph: LayerGraph, names: Iterable<string>): ReadonlySet<string> {
  const all = new Set<string>();
  for (const name of names) {
    for (let at: string | undefined = name; at !== undefined && !all.has(at); at = nodeOf(graph, at).parent)
      all.add(at);
  }
  return all;
}
