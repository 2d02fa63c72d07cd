import type { LayerNode } from '../graph/layer-graph.js';
import type { ImageRecord } from '../images/image-record.js';
import type { RunIdentity } from '../run-identity.js';
import type { Architecture } from '../template/layer.js';
import type { Reason } from './reason.js';

/** `<layer>/<architecture>`: one variant, the unit that has an image of its own. */
export type VariantKey = `${string}/${Architecture}`;

/** What will be done for one variant. */
export type Action =
  | { readonly kind: 'build' }
  /** The image is there, but its checks never passed or are not today's: run them, build nothing. */
  | { readonly kind: 'validate'; readonly image: ImageRecord }
  | { readonly kind: 'reuse'; readonly image: ImageRecord };

export interface PlanItem {
  readonly key: VariantKey;
  readonly node: LayerNode;
  readonly architecture: Architecture;
  readonly region: string;
  readonly templateHash: string;
  readonly validationHash: string;
  /** A digest of each part of what the template hash is made from; see `digestGroups`. */
  readonly inputs: string;
  /** The parent's variant; undefined for a root layer. Always in the same plan when this item is built. */
  readonly parent: VariantKey | undefined;
  /** The name the image will get. Unique per account and Region: creating it is the atomic publish. */
  readonly imageName: string;
  readonly action: Action;
  /** At least one. The same in the log, the comment and the summary. */
  readonly reasons: readonly Reason[];
}

/** The image of a variant that another job of the run has built before this one looked. */
export function imageOfRun({ action }: PlanItem, run: Pick<RunIdentity, 'id'>): ImageRecord | undefined {
  return action.kind === 'reuse' && action.image.runId === run.id ? action.image : undefined;
}

/** Everything that will be done, complete before anything is created. Items are in topological order. */
export interface BuildPlan {
  readonly items: readonly PlanItem[];
}
