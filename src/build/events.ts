import type { VariantKey } from '../plan/build-plan.js';
import type { Outcome, Phase } from './outcome.js';

/** What happens during a build, as it happens. Rendering is somebody else's work. */
export type BuildEvent =
  | { readonly kind: 'phase'; readonly key: VariantKey; readonly phase: Phase; readonly detail: string }
  | {
      readonly kind: 'step-started';
      readonly key: VariantKey;
      readonly name: string;
      readonly index: number;
      readonly count: number;
    }
  /** Output of a step or check; remote and untrusted. */
  | { readonly kind: 'output'; readonly key: VariantKey; readonly text: string }
  | {
      readonly kind: 'step-finished';
      readonly key: VariantKey;
      readonly name: string;
      readonly exitCode: number;
      readonly durationMs: number;
    }
  /** Another run is at the layer: this one waits for it. */
  | { readonly kind: 'followed'; readonly key: VariantKey; readonly runId: string; readonly detail: string }
  /** A long wait that goes on: what is awaited and how far it is. */
  | { readonly kind: 'waiting'; readonly key: VariantKey; readonly detail: string }
  | { readonly kind: 'warning'; readonly key: VariantKey; readonly message: string }
  | { readonly kind: 'outcome'; readonly key: VariantKey; readonly outcome: Outcome };

export type OnBuildEvent = (event: BuildEvent) => void;
