import { InvalidInput, type Diagnostic } from '../diagnostics/diagnostic.js';
import type { LayerGraph } from '../graph/layer-graph.js';
import { linkLayers } from '../graph/link-layers.js';
import { nodeOf } from '../graph/walk.js';
import type { Reason } from '../plan/reason.js';
import type { Architecture, Layer } from '../template/layer.js';
import type { Workspace } from '../workspace/workspace.js';
import type { PlanOptions } from './options.js';
import { readTemplates } from './read-templates.js';
import { selectLayers } from './select-layers.js';

export interface GatheredLayers {
  readonly graph: LayerGraph;
  readonly targets: ReadonlySet<string>;
  readonly affected: ReadonlyMap<string, readonly Reason[]>;
}

/** Reads and links all templates. Throws `InvalidInput` with every problem of every template; asks nothing of AWS. */
export async function gatherLayers(
  options: PlanOptions,
  workspace: Workspace,
  signal?: AbortSignal,
): Promise<GatheredLayers> {
  const read = await readTemplates(options, workspace, signal);
  const selected = selectLayers(read.graph, options.selection, workspace);
  if (selected.diagnostics.length > 0) throw new InvalidInput(selected.diagnostics);
  checkArchitectures(read.graph, selected.targets, options.selection.architectures);
  const { baseAmi } = options;
  const graph =
    baseAmi === undefined ? read.graph : linkLayers(onBaseAmi(read.layers, selected.targets, baseAmi)).graph;
  if (!options.offline) checkRegions(graph, selected.targets, options.defaultRegion);
  return { graph, ...selected };
}

/** A name that no selected layer is built for is a slip of the pen, not a wish for nothing. */
function checkArchitectures(
  graph: LayerGraph,
  targets: ReadonlySet<string>,
  asked: readonly Architecture[] | undefined,
): void {
  if (asked === undefined || targets.size === 0) return;
  const built = new Set([...targets].flatMap((name) => nodeOf(graph, name).architectures));
  if (asked.some((architecture) => built.has(architecture))) return;
  throw new InvalidInput([
    {
      code: 'bad-input',
      message: `none of the selected layers is built for ${asked.join(' or ')}, only for ${[...built].join(' and ')}`,
      fix: 'change `architectures`, or select other layers.',
    },
  ]);
}

function checkRegions(graph: LayerGraph, targets: ReadonlySet<string>, defaultRegion: string | undefined): void {
  if (defaultRegion !== undefined) return;
  const problems = [...targets].flatMap((name): readonly Diagnostic[] => {
    const { region, layer } = nodeOf(graph, name);
    if (region !== undefined) return [];
    return [
      {
        code: 'bad-input',
        message: `there is no Region to build "${name}" in`,
        fix: 'set the input `aws-region` (or AWS_REGION, or --region), or `regions` in the root template.',
        span: layer.spans.name,
      },
    ];
  });
  if (problems.length > 0) throw new InvalidInput(problems);
}

/** The selected layers as root layers on the given image, whatever they extend. */
function onBaseAmi(layers: readonly Layer[], selected: ReadonlySet<string>, imageId: string): readonly Layer[] {
  return layers.map((layer) =>
    selected.has(layer.name)
      ? { ...layer, parent: { kind: 'base', reference: { kind: 'ami', imageId }, span: layer.parent.span } }
      : layer,
  );
}
