import { locationOf } from '../diagnostics/diagnostic.js';
import type { BuilderStep } from '../build/run-steps.js';

export interface StepsText {
  readonly layer: string;
  readonly architecture: string;
  readonly environment: string;
  readonly steps: readonly BuilderStep[];
}

/** The steps of a builder as text to read: each with what it is and where it comes from. */
export function renderSteps({ layer, architecture, environment, steps }: StepsText): string {
  const head = `# ${layer} (${architecture}), as root, in the template's folder, each step in a shell of its own`;
  const parts = steps.map((step, index) =>
    [
      `# step ${index + 1}/${steps.length}: ${step.name}`,
      `# ${locationOf(step.span)}, by ${interpreter(step)}`,
      step.script.trimEnd(),
    ].join('\n'),
  );
  return [head, ...(environment === '' ? [] : [`# for every step\n${environment.trimEnd()}`]), ...parts].join('\n\n');
}

function interpreter({ script }: BuilderStep): string {
  const [first = ''] = script.split('\n', 1);
  return first.startsWith('#!') ? first.slice(2).trim() : 'bash -euo pipefail';
}
