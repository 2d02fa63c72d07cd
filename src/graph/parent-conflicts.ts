import type { Diagnostic } from '../diagnostics/diagnostic.js';
import type { LayerNode } from './layer-graph.js';

/** Where a layer contradicts what it stands on. `nodes` holds at least its ancestors. */
export function parentConflicts(
  node: LayerNode,
  parent: LayerNode,
  nodes: ReadonlyMap<string, LayerNode>,
): readonly Diagnostic[] {
  return [
    ...architectureConflict(node, parent),
    ...regionConflict(node, parent),
    ...volumeConflict(node, nodes),
    ...spackConflicts(node, nodes),
  ];
}

function architectureConflict(node: LayerNode, parent: LayerNode): readonly Diagnostic[] {
  const missing = node.architectures.filter((architecture) => !parent.architectures.includes(architecture));
  if (missing.length === 0) return [];
  return [
    {
      code: 'parent-conflict',
      message: `"${node.layer.name}" is built for ${missing.join(', ')}, but its parent "${parent.layer.name}" only for ${parent.architectures.join(', ')}`,
      fix: `add ${missing.join(', ')} to \`architectures\` of "${parent.layer.name}", or remove it here.`,
      span: node.layer.spans.architectures,
      related: [{ span: parent.layer.spans.architectures, message: 'the parent' }],
    },
  ];
}

function regionConflict(node: LayerNode, parent: LayerNode): readonly Diagnostic[] {
  if (node.parent === undefined || parent.region === undefined || node.region === parent.region) return [];
  return [
    {
      code: 'parent-conflict',
      message: `"${node.layer.name}" is built in ${node.region}, but its parent "${parent.layer.name}" in ${parent.region}; an image exists in one Region`,
      fix: `build both in ${parent.region}; list other Regions after it in \`regions\` for copies.`,
      span: node.layer.spans.region,
      related: [{ span: parent.layer.spans.region, message: 'the parent' }],
    },
  ];
}

/** A volume cannot be smaller than the snapshot it is made from (RunInstances, EC2 API reference). */
function volumeConflict(node: LayerNode, nodes: ReadonlyMap<string, LayerNode>): readonly Diagnostic[] {
  const own = node.layer.builder.volumeGb;
  if (own === undefined) return [];
  let largest: LayerNode | undefined;
  for (let above = below(node, nodes); above !== undefined; above = below(above, nodes)) {
    if (sizeOf(above) > Math.max(own, sizeOf(largest))) largest = above;
  }
  if (largest === undefined) return [];
  return [
    {
      code: 'parent-conflict',
      message: `the volume of "${node.layer.name}" is to have ${own} GiB, but the image of "${largest.layer.name}" that it is made from has ${sizeOf(largest)}, and a volume never shrinks`,
      fix: `remove \`volume_gb\` here, or make it at least ${sizeOf(largest)}.`,
      span: node.layer.spans.volumeGb,
      related: [{ span: largest.layer.spans.volumeGb, message: `${sizeOf(largest)} GiB here` }],
    },
  ];
}

function sizeOf(node: LayerNode | undefined): number {
  return node?.layer.builder.volumeGb ?? 0;
}

/** What a layer stands on: its parent, or the layer that describes its base. */
function below({ parent, describedBy }: LayerNode, nodes: ReadonlyMap<string, LayerNode>): LayerNode | undefined {
  return nodes.get(parent ?? describedBy ?? '');
}

/** The same Spack package at two versions in one chain: what the child gets would depend on load order. */
function spackConflicts(node: LayerNode, nodes: ReadonlyMap<string, LayerNode>): readonly Diagnostic[] {
  const own = versionsOf(node);
  if (own.size === 0) return [];
  const diagnostics: Diagnostic[] = [];
  for (let above = below(node, nodes); above !== undefined; above = below(above, nodes)) {
    for (const [name, there] of versionsOf(above)) {
      const here = own.get(name)?.find((version) => !there.includes(version));
      if (here === undefined) continue;
      diagnostics.push({
        code: 'parent-conflict',
        message: `Spack package ${name} is asked for at ${here} here and at ${there.join(', ')} in "${above.layer.name}"`,
        fix: `use one version of ${name} in the chain.`,
        span: node.layer.spans.software,
        related: [
          { span: above.layer.spans.software, message: there.map((version) => `${name}@${version}`).join(', ') },
        ],
      });
    }
  }
  return diagnostics;
}

/** One template may ask for several versions on purpose. */
function versionsOf(node: LayerNode): ReadonlyMap<string, readonly string[]> {
  const versions = new Map<string, readonly string[]>();
  for (const spec of node.layer.software.spackPackages) {
    const match = /^([a-z0-9][a-z0-9_-]*)@=?([A-Za-z0-9._-]+)/.exec(spec);
    const [, name, version] = match ?? [];
    if (name !== undefined && version !== undefined) versions.set(name, [...(versions.get(name) ?? []), version]);
  }
  return versions;
}
