import type { FailedStep, Failure, Phase } from './outcome.js';

/** Ends the work on one layer; becomes its outcome. */
export class LayerFailed extends Error {
  readonly failure: Failure;

  constructor(failure: Failure) {
    super(failure.message);
    this.name = 'LayerFailed';
    this.failure = failure;
  }
}

/** AWS took the builder back. Building again on demand may do. */
export class SpotInterrupted extends LayerFailed {
  readonly instanceId: string;

  constructor(instanceId: string, phase: Phase) {
    const message = `AWS took the Spot instance ${instanceId} back`;
    const fix = 'run it again, or build on demand (`builder.spot: false`, or the input `spot`).';
    super({ phase, message, fix, step: undefined, logTail: [] });
    this.name = 'SpotInterrupted';
    this.instanceId = instanceId;
  }
}

export interface FailedOptions {
  readonly phase: Phase;
  readonly message: string;
  readonly fix: string;
  readonly step?: FailedStep;
  readonly logTail?: readonly string[];
}

export function failed({ phase, message, fix, step, logTail = [] }: FailedOptions): LayerFailed {
  return new LayerFailed({ phase, message, fix, step, logTail });
}
