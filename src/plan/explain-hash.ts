import type { LayerGraph } from '../graph/layer-graph.js';
import { ancestorsOf, nodeOf } from '../graph/walk.js';
import type { Architecture } from '../template/layer.js';
import { inputGroups } from './input-groups.js';
import {
  belowOf,
  computeHashes,
  hashInput,
  validationInput,
  type HashInput,
  type VariantHashes,
} from './template-hash.js';
import { canonicalJson } from '../lib/canonical-json.js';
import { variantKey } from './variant.js';

/** The hashes of a variant and the described objects behind them. */
export interface Explained extends VariantHashes {
  readonly layer: string;
  readonly input: HashInput;
  readonly validation: unknown;
}

/** A layer and its ancestors, the root first: each with what its hashes are made from. */
export function explainHashes(graph: LayerGraph, name: string, architecture: Architecture): readonly Explained[] {
  const hashes = computeHashes(graph);
  const lineage = [...ancestorsOf(graph, name).toReversed(), name].map((member) => nodeOf(graph, member));
  return lineage.map((node) => {
    const own = hashes.get(variantKey(node.layer.name, architecture));
    if (own === undefined) throw new Error(`no hash for ${variantKey(node.layer.name, architecture)}`);
    const below = belowOf(node, architecture, hashes);
    return {
      layer: node.layer.name,
      ...own,
      input: hashInput(node, architecture, below.templateHash),
      validation: validationInput(node, below.validationHash),
    };
  });
}

/** Why one layer of a lineage has another hash than before. */
export interface LayerChange {
  readonly layer: string;
  readonly before: Explained | undefined;
  readonly now: Explained;
  /** Names of the groups of inputs that differ; `parent` alone: it is the ancestors that changed. */
  readonly groups: readonly string[];
  readonly checksChanged: boolean;
}

/** Two lineages of one layer → the layers that differ, the root first; empty when nothing does. */
export function compareLineages(before: readonly Explained[], now: readonly Explained[]): readonly LayerChange[] {
  const byName = new Map(before.map((explained) => [explained.layer, explained]));
  return now.flatMap((explained) => {
    const old = byName.get(explained.layer);
    const groups = old === undefined ? [] : differentGroups(old.input, explained.input);
    const checksChanged = old?.validationHash !== explained.validationHash;
    if (old !== undefined && groups.length === 0 && !checksChanged) return [];
    return [{ layer: explained.layer, before: old, now: explained, groups, checksChanged }];
  });
}

function differentGroups(before: HashInput, now: HashInput): readonly string[] {
  const [old, current] = [inputGroups(before), inputGroups(now)];
  return [...new Set([...old.keys(), ...current.keys()])].filter(
    (name) => canonicalJson(old.get(name) ?? null) !== canonicalJson(current.get(name) ?? null),
  );
}
