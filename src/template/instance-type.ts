import type { Architecture } from './layer.js';

/**
 * The architecture of an instance type, by its name: Graviton's families have a `g` behind the generation
 * (EC2 Instance Types guide, "Naming conventions"); `a1` is the first of them.
 */
export function architectureOfType(instanceType: string): Architecture {
  const [family = ''] = instanceType.split('.', 1);
  return family === 'a1' || /^[a-z]+\d+.*g/.test(family) ? 'arm64' : 'x86_64';
}

/** Whether a type has an NVIDIA GPU: the families G and P (EC2 Instance Types guide, "Accelerated computing"). */
export function hasGpu(instanceType: string): boolean {
  return /^(g|gr|p)\d/.test(instanceType);
}
