import { builderSteps } from '../build/run-steps.js';
import { exportsOf } from '../build/on-instance/environment.js';
import { DEFAULT_BUDGETS } from '../build/context.js';
import type { BuilderStep } from '../build/run-steps.js';
import type { LayerNode } from '../graph/layer-graph.js';
import type { Architecture } from '../template/layer.js';
import { effectiveView, resolvedView } from '../template/effective-view.js';
import type { MappingView } from '../template/template-view.js';
import type { Workspace } from '../workspace/workspace.js';
import { findLayer, type LayerQuestion } from './find-layer.js';
import { architectureOf } from './architecture-of.js';

export interface ShownTemplate {
  /** The root layer first, the layer itself last. */
  readonly lineage: readonly LayerNode[];
  readonly view: MappingView;
}

/** What a layer and its ancestors say together; asks nothing of AWS. */
export async function showTemplate(
  { resolved, ...question }: LayerQuestion & { readonly resolved: boolean },
  workspace: Workspace,
): Promise<ShownTemplate> {
  const { lineage, described } = await findLayer(question, workspace);
  const layers = described.map(({ layer }) => layer);
  return { lineage, view: resolved ? resolvedView(layers) : effectiveView(layers) };
}

export interface ShownScript {
  readonly node: LayerNode;
  readonly architecture: Architecture;
  /** Shell text that exports the layer's variables, in front of every step. */
  readonly environment: string;
  readonly steps: readonly BuilderStep[];
}

/** What runs on the layer's builder, in order, as it runs there; asks nothing of AWS. */
export async function showScript(
  { architecture: asked, ...question }: LayerQuestion & { readonly architecture: Architecture | undefined },
  workspace: Workspace,
): Promise<ShownScript> {
  const { node } = await findLayer(question, workspace);
  const architecture = architectureOf(node, asked);
  return {
    node,
    architecture,
    environment: exportsOf(node.env),
    steps: builderSteps({ node, architecture }, DEFAULT_BUDGETS.stepTimeoutMs),
  };
}
