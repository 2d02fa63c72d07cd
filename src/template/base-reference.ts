import type { BaseReference } from './layer.js';
import type { Template } from './schema.js';

/** What a template says under `base` → the reference. The text forms are told apart by their beginning. */
export function baseReference(base: Template['base']): BaseReference {
  if (typeof base !== 'string') {
    return 'marketplace' in base
      ? { kind: 'marketplace', productCode: base.marketplace }
      : { kind: 'search', owner: base.owner, name: base.name };
  }
  if (base.startsWith('ami-')) return { kind: 'ami', imageId: base };
  if (base.startsWith('ssm:')) return { kind: 'ssm', parameter: base.slice('ssm:'.length) };
  return { kind: 'alias', alias: base };
}
