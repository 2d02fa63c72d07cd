import type { Diagnostic } from '../diagnostics/diagnostic.js';
import { architectureOfType, hasGpu } from '../template/instance-type.js';
import type { LayerNode } from './layer-graph.js';

const EXAMPLES = {
  x86_64: { usual: 'm7i.large', gpu: 'g6.xlarge' },
  arm64: { usual: 'm7g.large', gpu: 'g5g.xlarge' },
} as const;

/** An image or instance types that cannot be what the layer needs. Types of several architectures may stand side by side. */
export function builderConflicts({ layer, architectures, gpu }: LayerNode): readonly Diagnostic[] {
  const { instanceTypes } = layer.builder;
  const span = layer.spans.builderTypes;
  const diagnostics: Diagnostic[] = [];
  if (layer.parent.kind === 'base' && layer.parent.reference.kind === 'ami' && architectures.length > 1) {
    diagnostics.push({
      code: 'bad-value',
      message: `"${layer.name}" is built for ${architectures.join(', ')}, but ${layer.parent.reference.imageId} is for one architecture`,
      fix: 'list that one in `architectures`.',
      span: layer.spans.architectures,
    });
  }
  for (const architecture of architectures) {
    if (instanceTypes.length === 0) break;
    const fitting = instanceTypes.filter((type) => architectureOfType(type) === architecture);
    const example = EXAMPLES[architecture][gpu ? 'gpu' : 'usual'];
    if (fitting.length === 0) {
      diagnostics.push({
        code: 'bad-value',
        message: `"${layer.name}" is built for ${architecture}, but none of its builder's types is (${instanceTypes.join(', ')})`,
        fix: `add one, such as ${example}, or remove ${architecture} from \`architectures\`.`,
        span,
      });
    } else if (gpu && !fitting.some(hasGpu)) {
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
