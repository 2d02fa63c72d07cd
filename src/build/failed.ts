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
