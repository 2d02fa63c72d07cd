import type { Files } from '../repository.js';
import type { Tally } from './tally.js';

export const THREE_LAYERS = ['root', 'middle', 'leaf'] as const;
const STEPS = ['first', 'second'] as const;

/** Layers on one another, of two tiny steps each; every step says that it runs. */
export function chainOfLayers(layers: readonly string[], { line }: Tally): Files {
  return Object.fromEntries(
    layers.map((layer, at) => {
      const parent = at === 0 ? 'base: al2023' : `extends: ${layers[at - 1] ?? ''}`;
      const steps = STEPS.map((step) => `  - name: ${step}\n    run: ${line(layer, step)}\n`).join('');
      const check = `validate:\n  checks: [{name: there, run: test -e /opt/${layer}}]\n`;
      const mark = `  - name: mark\n    run: touch /opt/${layer}\n`;
      return [`templates/${layer}.yaml`, `${parent}\nprovision:\n${steps}${mark}${check}`];
    }),
  );
}
