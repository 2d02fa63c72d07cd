import { InvalidInput } from '../diagnostics/diagnostic.js';
import type { LayerNode } from '../graph/layer-graph.js';
import type { Architecture } from '../template/layer.js';

/** The architecture that was asked for, else the first the layer is built for. Throws `InvalidInput` for any other. */
export function architectureOf({ layer, architectures }: LayerNode, asked: Architecture | undefined): Architecture {
  const [first = 'x86_64'] = architectures;
  if (asked === undefined || architectures.includes(asked)) return asked ?? first;
  const message = `--architecture ${asked}: "${layer.name}" is built for ${architectures.join(', ')} only`;
  throw new InvalidInput([{ code: 'bad-input', message, fix: `leave it out, or give ${first}.` }]);
}
