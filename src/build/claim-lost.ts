import type { InstanceRecord } from '../images/instance-record.js';
import type { VariantKey } from '../plan/build-plan.js';

/** Another run has taken this run's instance over: it must not be touched any more. */
export class ClaimLost extends Error {
  readonly instance: InstanceRecord;

  constructor(instance: InstanceRecord) {
    super(`run ${instance.runId} has taken ${instance.instanceId} over`);
    this.name = 'ClaimLost';
    this.instance = instance;
  }
}

/** Another run was first with the layer: this run's own instances are of no use. */
export class Outrun extends Error {
  readonly instance: InstanceRecord;

  constructor(instance: InstanceRecord) {
    super(`run ${instance.runId} was first with ${instance.instanceId}`);
    this.name = 'Outrun';
    this.instance = instance;
  }
}

/** The parent of a layer that began before its parent was validated was not validated in the end. */
export class ParentLost extends Error {
  /** What stands in the way: the parent, or what blocks it. */
  readonly by: VariantKey;

  constructor(by: VariantKey) {
    super(`${by} is not validated`);
    this.name = 'ParentLost';
    this.by = by;
  }
}
