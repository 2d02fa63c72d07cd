import type { Span } from '../diagnostics/diagnostic.js';
import type { PlanItem } from '../plan/build-plan.js';
import type { RunnerStep } from './runner-step.js';
import { sealSteps, settingsSteps } from './settings-steps.js';
import { softwareSteps } from './software-steps.js';

/** A step that a template is the reason for. */
export interface BuilderStep extends RunnerStep {
  readonly span: Span;
}

/**
 * What runs on a layer's builder, in order: what the tool makes of its settings and software, the template's own steps,
 * and what it removes before the seal. Never the parent's.
 */
export function builderSteps(
  { node, architecture }: Pick<PlanItem, 'node' | 'architecture'>,
  stepTimeoutMs: number,
): readonly BuilderStep[] {
  const { layer } = node;
  const usual = Math.ceil(stepTimeoutMs / 1000);
  const made = [
    ...settingsSteps(layer),
    ...softwareSteps(layer.software, { architecture }).map((step) => ({ ...step, span: layer.spans.software })),
  ];
  return [
    ...made.map((step) => ({ ...step, timeoutSeconds: usual, reboot: false })),
    ...layer.steps.map(({ name, script, timeoutMinutes, reboot, span }) => ({
      name,
      script,
      timeoutSeconds: timeoutMinutes === undefined ? usual : timeoutMinutes * 60,
      reboot,
      span,
    })),
    ...sealSteps(layer).map((step) => ({ ...step, timeoutSeconds: usual, reboot: false })),
  ];
}
