import type { VariantKey } from '../plan/build-plan.js';

/** The reason of a signal with which a run ends itself. One that a user ends has another. */
export class RunStopped extends Error {
  /** The layer whose failure was to end everything else. */
  readonly after: VariantKey;

  constructor(after: VariantKey) {
    super(`stopped because ${after} failed`);
    this.name = 'RunStopped';
    this.after = after;
  }
}

/** The reason of a signal with which a run leaves its work to the next one: it has waited as long as it was to. */
export class WaitedEnough extends Error {
  constructor() {
    super('waited long enough');
    this.name = 'WaitedEnough';
  }
}
