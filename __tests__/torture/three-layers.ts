import type { Files } from '../repository.js';
import type { Tally } from './tally.js';

export const LAYERS = ['root', 'middle', 'leaf'] as const;
const STEPS = ['first', 'second'] as const;

/** A chain of three layers of two tiny steps each; every step says that it runs. */
export function threeLayers({ line }: Tally): Files {
  return Object.fromEntries(
    LAYERS.map((layer, at) => {
      const parent = at === 0 ? 'base: al2023' : `extends: ${LAYERS[at - 1] ?? ''}`;
      const steps = STEPS.map((step) => `  - name: ${step}\n    run: ${line(layer, step)}\n`).join('');
      const check = `validate:\n  checks: [{name: there, run: test -e /opt/${layer}}]\n`;
      const mark = `  - name: mark\n    run: touch /opt/${layer}\n`;
      return [`templates/${layer}.yaml`, `${parent}\nprovision:\n${steps}${mark}${check}`];
    }),
  );
}
