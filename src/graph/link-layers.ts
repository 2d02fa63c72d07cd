import { closest } from '../lib/closest.js';
import type { Diagnostic } from '../diagnostics/diagnostic.js';
import { onTopOf } from '../template/environments.js';
import type { Architecture, Encryption, Layer } from '../template/layer.js';
import { builderConflicts } from './builder-conflicts.js';
import { findCycles } from './find-cycles.js';
import type { LayerGraph, LayerNode } from './layer-graph.js';
import { parentConflicts } from './parent-conflicts.js';

export interface LinkOptions {
  /** Longest chain of layers allowed, counted in layers. */
  readonly maxDepth?: number | undefined;
  /** Paths of templates that could not be parsed: what they would have been called is not reported as unknown. */
  readonly brokenTemplates?: readonly string[];
}

export interface Linked {
  readonly graph: LayerGraph;
  readonly diagnostics: readonly Diagnostic[];
}

const DEFAULT_ARCHITECTURES: readonly Architecture[] = ['x86_64'];

/**
 * Layers → graph. A layer whose parent cannot be found, or that is on a cycle, is left out together with its
 * descendants; the diagnostics say why. A missing parent *file* is reported where files are read, not here.
 */
export function linkLayers(layers: readonly Layer[], options: LinkOptions = {}): Linked {
  const { maxDepth = 10, brokenTemplates = [] } = options;
  const diagnostics: Diagnostic[] = [];
  const byName = uniqueByName(layers, diagnostics);
  const byPath = new Map(layers.map((layer) => [layer.templatePath, layer]));
  const brokenNames = new Set(brokenTemplates.map(stem));

  const parents = new Map<string, string>();
  const roots: string[] = [];
  const childNames = new Map<string, string[]>();
  for (const layer of byName.values()) {
    const parent = findParent(layer, { byName, byPath, brokenNames, diagnostics });
    if (parent === 'root') roots.push(layer.name);
    if (parent === 'root' || parent === undefined) continue;
    parents.set(layer.name, parent.name);
    const siblings = childNames.get(parent.name);
    if (siblings === undefined) childNames.set(parent.name, [layer.name]);
    else siblings.push(layer.name);
  }
  diagnostics.push(...findCycles(byName, parents));

  const nodes = new Map<string, LayerNode>();
  const pending = roots.sort().reverse();
  for (let name = pending.pop(); name !== undefined; name = pending.pop()) {
    const layer = byName.get(name);
    if (layer === undefined) continue;
    const below = parents.get(name);
    const parent = below === undefined ? undefined : nodes.get(below);
    const above = (childNames.get(name) ?? []).sort();
    const isRoot = layer.parent.kind === 'base';
    const node: LayerNode = {
      layer,
      parent: isRoot ? undefined : below,
      describedBy: isRoot ? below : undefined,
      children: above.filter((child) => byName.get(child)?.parent.kind !== 'base'),
      depth: parent === undefined || isRoot ? 0 : parent.depth + 1,
      architectures: layer.architectures ?? parent?.architectures ?? DEFAULT_ARCHITECTURES,
      gpu: layer.gpu ?? parent?.gpu ?? false,
      region: layer.region ?? (isRoot ? undefined : parent?.region),
      env: onTopOf(parent?.env ?? [], layer.env),
      encryption: mergeEncryption(parent?.encryption, layer.encryption),
      sealAllow: [...(parent?.sealAllow ?? []), ...layer.seal.allow],
      dataMounts: [...new Set([...(parent?.dataMounts ?? []), ...layer.dataMounts])],
    };
    nodes.set(name, node);
    if (!layer.onlyDescribes) diagnostics.push(...builderConflicts(node));
    if (parent !== undefined) diagnostics.push(...parentConflicts(node, parent, nodes));
    if (node.depth + 1 === maxDepth + 1) diagnostics.push(tooDeep(node, nodes, maxDepth));
    pending.push(...above.toReversed());
  }
  return { graph: { nodes, order: [...nodes.keys()] }, diagnostics };
}

function mergeEncryption(above: Encryption | undefined, own: Encryption | undefined): Encryption | undefined {
  if (above === undefined || own === undefined) return own ?? above;
  return { kmsKey: own.kmsKey ?? above.kmsKey, regionKmsKeys: { ...above.regionKmsKeys, ...own.regionKmsKeys } };
}

function uniqueByName(layers: readonly Layer[], diagnostics: Diagnostic[]): Map<string, Layer> {
  const byName = new Map<string, Layer>();
  for (const layer of layers) {
    const first = byName.get(layer.name);
    if (first === undefined) {
      byName.set(layer.name, layer);
      continue;
    }
    diagnostics.push({
      code: 'duplicate-name',
      message: `two templates describe a layer called "${layer.name}"`,
      fix: `give one of them another \`name\`: an image belongs to exactly one layer.`,
      span: layer.spans.name,
      related: [{ span: first.spans.name, message: 'the other one is here' }],
    });
  }
  return byName;
}

interface Lookup {
  readonly byName: ReadonlyMap<string, Layer>;
  readonly byPath: ReadonlyMap<string, Layer>;
  readonly brokenNames: ReadonlySet<string>;
  readonly diagnostics: Diagnostic[];
}

function findParent(layer: Layer, lookup: Lookup): Layer | 'root' | undefined {
  const reference = layer.parent;
  switch (reference.kind) {
    case 'base':
      return reference.description === undefined ? 'root' : lookup.byPath.get(reference.description.path);
    case 'file':
      return lookup.byPath.get(reference.path);
    case 'name': {
      const parent = lookup.byName.get(reference.name);
      if (parent !== undefined || lookup.brokenNames.has(reference.name)) return parent;
      const near = closest(reference.name, lookup.byName.keys());
      lookup.diagnostics.push({
        code: 'unknown-parent',
        message: `"${layer.name}" extends "${reference.name}", but no template describes a layer of that name`,
        fix: near === undefined ? 'create that template, or remove `extends`.' : `did you mean "${near}"?`,
        span: reference.span,
      });
      return undefined;
    }
  }
}

function tooDeep(node: LayerNode, nodes: ReadonlyMap<string, LayerNode>, maxDepth: number): Diagnostic {
  const chain: string[] = [];
  for (let at: LayerNode | undefined = node; at !== undefined; at = nodes.get(at.parent ?? ''))
    chain.push(at.layer.name);
  return {
    code: 'extends-depth',
    message: `the chain ${chain.toReversed().join(' → ')} has ${chain.length} layers, more than the ${maxDepth} allowed`,
    fix: 'join layers that always change together, or raise `max-depth`.',
    span: node.layer.parent.span,
  };
}

function stem(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1).replace(/\.ya?ml$/, '');
}
