import { InvalidInput } from '../diagnostics/diagnostic.js';
import type { LayerGraph, LayerNode } from '../graph/layer-graph.js';
import { ancestorsOf, everythingBelow, nodeOf } from '../graph/walk.js';
import type { Workspace } from '../workspace/workspace.js';
import { readTemplates } from './read-templates.js';
import { unknownLayer } from './select-layers.js';

/** One layer, asked for by its name or its template. */
export interface LayerQuestion {
  /** Files, folders or globs with templates, relative to the repository root. */
  readonly templates: readonly string[];
  /** A layer's name, or the path of its template from the repository root. */
  readonly layer: string;
}

export interface FoundLayer {
  readonly graph: LayerGraph;
  readonly node: LayerNode;
  /** The root layer first, the layer itself last. */
  readonly lineage: readonly LayerNode[];
  /** The same, with the layers in front that only describe the image under the root layer. */
  readonly described: readonly LayerNode[];
}

/** Reads the templates and finds the layer. Throws `InvalidInput` with every problem of every template. */
export async function findLayer({ templates, layer }: LayerQuestion, workspace: Workspace): Promise<FoundLayer> {
  // How long a chain may be is for those who build it.
  const { graph } = await readTemplates({ templates, maxDepth: Infinity }, workspace);
  const node = [...graph.nodes.values()].find((found) => [found.layer.name, found.layer.templatePath].includes(layer));
  if (node === undefined) throw new InvalidInput([unknownLayer(layer, graph)]);
  const { name } = node.layer;
  const nodesOf = (names: readonly string[]) => [...names.toReversed(), name].map((member) => nodeOf(graph, member));
  return {
    graph,
    node,
    lineage: nodesOf(ancestorsOf(graph, name)),
    described: nodesOf(everythingBelow(graph, name)),
  };
}
