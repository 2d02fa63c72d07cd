import type { Environments } from '../template/environments.js';
import type { Architecture, Encryption, Layer } from '../template/layer.js';

/** A layer in its place: linked to its parent, with what it inherits resolved. */
export interface LayerNode {
  readonly layer: Layer;
  /** Name of the parent layer; undefined for a root layer. */
  readonly parent: string | undefined;
  /** Name of the layer that describes the image a root layer stands on: what it says is inherited as from a parent. */
  readonly describedBy: string | undefined;
  /** Names of the child layers, sorted by code unit. */
  readonly children: readonly string[];
  /** 0 for a root layer. */
  readonly depth: number;
  readonly architectures: readonly Architecture[];
  readonly gpu: boolean;
  /** The Region it is built in, when any template of the chain states one. */
  readonly region: string | undefined;
  /** Own and inherited. */
  readonly env: Environments;
  /** Own and inherited; the child's keys win. */
  readonly encryption: Encryption | undefined;
  /** Credentials that the image may carry: the ancestors' are on the disk the builder boots. */
  readonly sealAllow: readonly string[];
  /** Own and inherited, parent first, each once. */
  readonly dataMounts: readonly string[];
}

/** Every layer by name. `order` is topological (parents first), and the same for the same templates. */
export interface LayerGraph {
  readonly nodes: ReadonlyMap<string, LayerNode>;
  readonly order: readonly string[];
}
