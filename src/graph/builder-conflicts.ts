import type { Diagnostic } from '../diagnostics/diagnostic.js';
import { architectureOfType, hasGpu } from '../template/instance-type.js';
import type { LayerNode } from './layer-graph.js';

const EXAMPLES = {
  x86_64: { usual: 'm7i.large', gpu: 'g6.xlarge' },
  arm64: { usual: 'm7g.large', gpu: 'g5g.xlarge' },
} as const;

/** Instance types that cannot build or test what the layer is. Types of several architectures may stand side by side. */
export function builderConflicts({ layer, architectures }: LayerNode): readonly Diagnostic[] {
  const { instanceTypes } = layer.builder;
  const span = layer.spans.builderTypes;
  const diagnostics: Diagnostic[] = [];
  for (const architecture of architectures) {
    if (instanceTypes.length === 0) break;
    const fitting = instanceTypes.filter((type) => architectureOfType(type) === architecture);
    const example = EXAMPLES[architecture][layer.gpu ? 'gpu' : 'usual'];
    if (fitting.length === 0) {
      diagnostics.push({
        code: 'bad-value',
        message: `"${layer.name}" is built for ${architecture}, but none of its builder's types is (${instanceTypes.join(', ')})`,
        fix: `add one, such as ${example}, or remove ${architecture} from \`architectures\`.`,
        span,
      });
    } else if (layer.gpu && !fitting.some(hasGpu)) {
      diagnostics.push({
        code: 'bad-value',
        message: `"${layer.name}" needs a GPU, but its builder's types for ${architecture} have none (${fitting.join(', ')})`,
        fix: `add one that has, such as ${example}, or remove \`gpu: true\`.`,
        span,
      });
    }
  }
  const { instanceType } = layer.validation;
  if (instanceType !== undefined && !architectures.includes(architectureOfType(instanceType))) {
    diagnostics.push({
      code: 'bad-value',
      message: `"${layer.name}" is tested on ${instanceType}, which is ${architectureOfType(instanceType)}, but built for ${architectures.join(', ')}`,
      fix: `use a type for ${architectures.join(' or ')}, such as ${EXAMPLES[architectures[0] ?? 'x86_64'].usual}.`,
      span: layer.spans.validate,
    });
  }
  return diagnostics;
}
