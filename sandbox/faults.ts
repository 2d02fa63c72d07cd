/** What can be made to go wrong. `call`: the n-th call of the operation from now on (1 is the next), or every one. */
export type Fault =
  | {
      readonly kind: 'error';
      readonly operation: string;
      readonly call: number | 'every';
      readonly code: string;
      readonly message: string;
      /** HTTP status. */
      readonly status: number;
    }
  | {
      readonly kind: 'drop-connection';
      readonly operation: string;
      readonly call: number | 'every';
      /** Whether the call took effect before the client lost the connection. */
      readonly when: 'before' | 'after';
    }
  /** No instance of that type (any type) in that zone (any zone). */
  | { readonly kind: 'capacity'; readonly instanceType?: string; readonly zone?: string }
  /** The image of the n-th CreateImage ends as `failed`, with this reason. */
  | { readonly kind: 'image-failure'; readonly call: number | 'every'; readonly reason: string };

export type CallEffect = Extract<Fault, { kind: 'error' | 'drop-connection' }>;

interface ActiveFault {
  readonly fault: Fault;
  seen: number;
}

/** The faults in force, in the order in which they were added. */
export type Faults = ActiveFault[];

export function addFault(faults: Faults, fault: Fault): void {
  faults.push({ fault, seen: 0 });
}

/** Counts this call against the faults of its operation; the first that is due takes effect. */
export function effectOf(faults: Faults, operation: string): CallEffect | undefined {
  const due = faults
    .map((active) => ({ active, fault: active.fault }))
    .filter(({ active, fault }) => 'operation' in fault && fault.operation === operation && countCall(active));
  const first = due[0]?.fault;
  return first?.kind === 'error' || first?.kind === 'drop-connection' ? first : undefined;
}

/** Why the image that is being made now has to fail; undefined: it need not. */
export function imageFailure(faults: Faults): string | undefined {
  const due = faults.filter((active) => active.fault.kind === 'image-failure' && countCall(active));
  const first = due[0]?.fault;
  return first?.kind === 'image-failure' ? first.reason : undefined;
}

export function lacksCapacity(faults: Faults, instanceType: string, zone: string): boolean {
  return faults.some(
    ({ fault }) =>
      fault.kind === 'capacity' &&
      (fault.instanceType ?? instanceType) === instanceType &&
      (fault.zone ?? zone) === zone,
  );
}

function countCall(active: ActiveFault): boolean {
  active.seen += 1;
  const { fault } = active;
  return 'call' in fault && (fault.call === 'every' || fault.call === active.seen);
}
