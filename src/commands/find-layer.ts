import { InvalidInput } from '../diagnostics/diagnostic.js';
import type { LayerGraph, LayerNode } from '../graph/layer-graph.js';
import { linkLayers } from '../graph/link-layers.js';
import { ancestorsOf, nodeOf } from '../graph/walk.js';
import { loadTemplates } from '../template/load-templates.js';
import type { Workspace } from '../workspace/workspace.js';
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
}

/** Reads the templates and finds the layer. Throws `InvalidInput` with every problem of every template. */
export function findLayer({ templates, layer }: LayerQuestion, workspace: Workspace): FoundLayer {
  const loaded = loadTemplates({ workspace, templates });
  const { graph, diagnostics } = linkLayers(loaded.layers, { brokenTemplates: loaded.brokenTemplates });
  const problems = [...loaded.diagnostics, ...diagnostics];
  if (problems.length > 0) throw new InvalidInput(problems);
  const node = [...graph.nodes.values()].find((found) => [found.layer.name, found.layer.templatePath].includes(layer));
  if (node === undefined) throw new InvalidInput([unknownLayer(layer, graph)]);
  return { graph, node, lineage: lineageOf(graph, node.layer.name) };
}

function lineageOf(graph: LayerGraph, name: string): readonly LayerNode[] {
  return [...ancestorsOf(graph, name).toReversed(), name].map((member) => nodeOf(graph, member));
}
