import { InvalidInput } from '../diagnostics/diagnostic.js';
import type { LayerGraph } from '../graph/layer-graph.js';
import { architectureOfType } from '../template/instance-type.js';
import type { BuildOptions } from './options.js';

/** Throws `InvalidInput` when the type that the run asks for fits no layer at all, selected or not. */
export function checkInstanceType(
  { placement: { instanceType } }: Pick<BuildOptions, 'placement'>,
  { nodes }: LayerGraph,
): void {
  if (instanceType === undefined) return;
  const architecture = architectureOfType(instanceType);
  const built = new Set([...nodes.values()].flatMap(({ architectures }) => architectures));
  if (built.size === 0 || built.has(architecture)) return;
  throw new InvalidInput([
    {
      code: 'bad-input',
      message: `the instance type ${instanceType} is ${architecture}, but every layer is built for ${[...built].join(', ')}`,
      fix: 'use a type of that architecture, or leave it out: templates and defaults have types that fit.',
    },
  ]);
}
