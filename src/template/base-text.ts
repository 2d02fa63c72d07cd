import type { BaseReference } from './layer.js';

/** A base reference as people write and read it. */
export function baseText(reference: BaseReference): string {
  switch (reference.kind) {
    case 'alias':
      return reference.alias;
    case 'ami':
      return reference.imageId;
    case 'ssm':
      return `ssm:${reference.parameter}`;
    case 'search':
      return `${reference.owner}/${reference.name}`;
    case 'marketplace':
      return `marketplace:${reference.productCode}`;
  }
}
