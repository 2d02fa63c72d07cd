import type { LayerGraph, LayerNode } from '../graph/layer-graph.js';
import { nodeOf, withAncestors } from '../graph/walk.js';
import type { ImageRecord } from '../images/image-record.js';
import { mayRelyOn, type Reuse } from '../images/trust.js';
import type { Architecture } from '../template/layer.js';
import type { BuildPlan, PlanItem, VariantKey } from './build-plan.js';
import { chooseAction, type Choice } from './choose-action.js';
import { imageName } from './image-name.js';
import type { Reason } from './reason.js';
import type { VariantHashes } from './template-hash.js';
import { variantKey } from './variant.js';

export interface PlanInput {
  readonly graph: LayerGraph;
  readonly hashes: ReadonlyMap<VariantKey, VariantHashes>;
  /** Layers that are wanted. Their ancestors join the plan where they are needed. */
  readonly targets: ReadonlySet<string>;
  /** Why layers are affected, when changed files are known. */
  readonly affected: ReadonlyMap<string, readonly Reason[]>;
  /** Images this tool made, by template hash; undefined when they were not looked up. */
  readonly images: ReadonlyMap<string, readonly ImageRecord[]> | undefined;
  /** Layers to build even when a usable image exists. */
  readonly rebuild: ReadonlySet<string>;
  /** Only these of what the layers have; absent: all. */
  readonly architectures?: readonly Architecture[] | undefined;
  readonly reuse: Reuse;
  /** For layers whose templates name none. */
  readonly defaultRegion: string;
}

/** Graph and known images → what to do, with reasons. Pure: the same inputs give the same plan. */
export function makePlan(input: PlanInput): BuildPlan {
  const { graph, targets, architectures } = input;
  const considered = withAncestors(graph, targets);
  const items = new Map<VariantKey, PlanItem>();
  for (const name of graph.order) {
    if (!considered.has(name)) continue;
    const node = nodeOf(graph, name);
    for (const architecture of node.architectures) {
      if (architectures?.includes(architecture) === false) continue;
      const item = planVariant({ node, architecture, planned: items, input });
      items.set(item.key, item);
    }
  }
  return { items: keepNeeded([...items.values()], targets) };
}

interface VariantInput {
  readonly node: LayerNode;
  readonly architecture: Architecture;
  readonly planned: ReadonlyMap<VariantKey, PlanItem>;
  readonly input: PlanInput;
}

function planVariant({ node, architecture, planned, input }: VariantInput): PlanItem {
  const { name, version } = node.layer;
  const key = variantKey(name, architecture);
  const hashes = input.hashes.get(key);
  if (hashes === undefined) throw new Error(`no hash for ${key}`);
  const region = node.region ?? input.defaultRegion;
  const images = (input.images?.get(hashes.templateHash) ?? []).filter((image) => image.region === region);
  const parent = node.parent === undefined ? undefined : variantKey(node.parent, architecture);
  const { action, reasons } = choose({ node, parent, images, hashes, planned, input });
  const earlier = images.filter((image) => mayRelyOn(input, image)).map((image) => image.name);
  const taken = new Set(images.map((image) => image.name));
  return {
    key,
    node,
    architecture,
    region,
    ...hashes,
    parent,
    imageName: imageName({ layer: name, version, architecture, templateHash: hashes.templateHash, earlier, taken }),
    action,
    reasons,
  };
}

interface ChoiceInput {
  readonly node: LayerNode;
  readonly parent: VariantKey | undefined;
  readonly images: readonly ImageRecord[];
  readonly hashes: VariantHashes;
  readonly planned: ReadonlyMap<VariantKey, PlanItem>;
  readonly input: PlanInput;
}

function choose({ node, parent, images, hashes, planned, input }: ChoiceInput): Choice {
  if (input.rebuild.has(node.layer.name))
    return { action: { kind: 'build' }, reasons: [{ kind: 'rebuild-requested' }] };
  if (parent !== undefined && isForced(planned.get(parent))) {
    return { action: { kind: 'build' }, reasons: [{ kind: 'parent-rebuilt', parent }] };
  }
  const { templateHash } = hashes;
  const choice: Choice =
    input.images === undefined
      ? { action: { kind: 'build' }, reasons: [{ kind: 'not-looked-up', templateHash }] }
      : chooseAction(images, { ...hashes, reuse: input.reuse });
  return { action: choice.action, reasons: [...(input.affected.get(node.layer.name) ?? []), ...choice.reasons] };
}

/** Built by request although its hash has an image: what stands on it in this plan follows. */
function isForced(parent: PlanItem | undefined): boolean {
  return (
    parent?.action.kind === 'build' &&
    parent.reasons.some((reason) => reason.kind === 'rebuild-requested' || reason.kind === 'parent-rebuilt')
  );
}

/** Drops ancestors that nobody needs: without an image, and below them nothing is built. */
function keepNeeded(items: readonly PlanItem[], targets: ReadonlySet<string>): readonly PlanItem[] {
  const neededBy = new Map<VariantKey, VariantKey>();
  const kept: PlanItem[] = [];
  for (const item of items.toReversed()) {
    const child = neededBy.get(item.key);
    const isTarget = targets.has(item.node.layer.name);
    if (!isTarget && child === undefined && item.action.kind !== 'reuse') continue;
    const { action, parent } = item;
    if (action.kind === 'build' && parent !== undefined) neededBy.set(parent, item.key);
    const explained = isTarget || child === undefined || action.kind === 'reuse';
    kept.push(explained ? item : { ...item, reasons: [...item.reasons, { kind: 'needed-by', child }] });
  }
  return kept.toReversed();
}
