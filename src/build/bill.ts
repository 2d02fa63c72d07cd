import type { InstanceRecord } from '../images/instance-record.js';
import type { ResolvedBase } from '../plan/base-history.js';
import type { VariantKey } from '../plan/build-plan.js';
import type { Machine, Quote } from '../plan/prices.js';
import type { Stored } from '../images/stored.js';

type Role = InstanceRecord['role'];

/** What a run's instances and images cost, and what they stand on, as far as it becomes known. Nothing is decided by it. */
export interface Bill {
  readonly launched: (instance: Rental) => void;
  /** A builder that is another layer's from now on. */
  readonly goesOn: (instanceId: string, key: VariantKey) => void;
  /** Of one of this run's instances; undefined where the price is not known. */
  readonly quoteOf: (instanceId: string) => Quote | undefined;
  /** Of a variant's latest builder or test instance; undefined where it had none in this run, or the price is not known. */
  readonly latest: (key: VariantKey, role: Role) => Quote | undefined;
  readonly made: (imageId: string, stored: Stored) => void;
  readonly storedOf: (imageId: string) => Stored | undefined;
  readonly resolved: (base: ResolvedBase) => void;
  /** Each once. */
  readonly bases: () => readonly ResolvedBase[];
}

export interface Rental {
  readonly key: VariantKey;
  readonly role: Role;
  readonly instanceId: string;
  readonly machine: Machine;
}

export function createBill(quote: (machine: Machine) => Quote | undefined): Bill {
  const machines = new Map<string, Machine>();
  const latest = new Map<string, Machine>();
  const stored = new Map<string, Stored>();
  const bases = new Map<string, ResolvedBase>();
  const quoted = (machine: Machine | undefined): Quote | undefined =>
    machine === undefined ? undefined : quote(machine);
  return {
    launched: ({ key, role, instanceId, machine }) => {
      machines.set(instanceId, machine);
      latest.set(`${role} ${key}`, machine);
    },
    goesOn: (instanceId, key) => {
      const machine = machines.get(instanceId);
      if (machine !== undefined) latest.set(`builder ${key}`, machine);
    },
    quoteOf: (instanceId) => quoted(machines.get(instanceId)),
    latest: (key, role) => quoted(latest.get(`${role} ${key}`)),
    made: (imageId, size) => stored.set(imageId, size),
    storedOf: (imageId) => stored.get(imageId),
    resolved: (base) => bases.set(JSON.stringify(base), base),
    bases: () => [...bases.values()],
  };
}
