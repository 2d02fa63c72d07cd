import type { LayerQuestion } from '../commands/find-layer.js';
import type { Checkout } from './checkout.js';

const TEMPLATE_FILE = /\.ya?ml$/;

/** What a user typed for a layer → which templates to read, and what to look for in them. */
export function layerQuestion(
  layer: string,
  { templates }: { readonly templates: readonly string[] },
  { fromRoot }: Checkout,
): LayerQuestion {
  const isFile = TEMPLATE_FILE.test(layer);
  const searched = templates.length > 0 ? templates : isFile ? [layer] : ['templates'];
  return { templates: searched.map(fromRoot), layer: isFile ? fromRoot(layer) : layer };
}
