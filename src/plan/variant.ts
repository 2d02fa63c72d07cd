import type { Architecture } from '../template/layer.js';
import type { VariantKey } from './build-plan.js';

export function variantKey(layer: string, architecture: Architecture): VariantKey {
  return `${layer}/${architecture}`;
}

export function layerOf(key: VariantKey): string {
  return key.slice(0, key.lastIndexOf('/'));
}
