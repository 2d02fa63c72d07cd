import { LAYER_NAME } from './patterns.js';

/** The layer name nearest to a title or a file name: `Python ML (Optimized)` → `python-ml-optimized`. */
export function suggestLayerName(title: string): string | undefined {
  const words = title
    .normalize('NFKD')
    .toLowerCase()
    .match(/[a-z0-9]+/g);
  const name = (words ?? []).join('-').replace(/^[^a-z]+/, '');
  return LAYER_NAME.test(name) ? name : undefined;
}
