import type { Mishap } from './mishap.js';

/** Which one goes wrong, counted from now on: 1 is the next. */
export type Turn = number | 'every';

/** What can be made to go wrong. */
export type Fault =
  | {
      readonly kind: 'error';
      readonly operation: string;
      readonly call: Turn;
      readonly code: string;
      readonly message: string;
      /** HTTP status. */
      readonly status: number;
    }
  | {
      readonly kind: 'drop-connection';
      readonly operation: string;
      readonly call: Turn;
      /** Whether the call took effect before the client lost the connection. */
      readonly when: 'before' | 'after';
    }
  /** The call takes effect at once, and its answer so much later. */
  | { readonly kind: 'slow-answer'; readonly operation: string; readonly call: Turn; readonly ms: number }
  /** No instance of that type (any type) in that zone (any zone), on that market (both). */
  | {
      readonly kind: 'capacity';
      readonly instanceType?: string;
      readonly zone?: string;
      readonly market?: 'spot' | 'on-demand';
    }
  /** The image of the n-th CreateImage ends as `failed`, and its snapshot as `error`, with this reason. */
  | { readonly kind: 'image-failure'; readonly call: Turn; readonly reason: string }
  /** The image of the n-th CreateImage (of those with a name that starts so), and its snapshot, are pending for so long. */
  | { readonly kind: 'slow-image'; readonly call: Turn; readonly ms: number; readonly nameStart?: string }
  /** The agent of the n-th instance that is launched or started registers so much after boot, or never. */
  | { readonly kind: 'agent-late'; readonly call: Turn; readonly ms: number | 'never' }
  /** Something befalls the instance of the n-th launch, Spot launch or command, so much after it. */
  | {
      readonly kind: 'mishap';
      readonly on: 'launch' | 'spot-launch' | 'command';
      readonly call: Turn;
      readonly afterMs: number;
      readonly mishap: Mishap;
    }
  /** Signed requests with that access key (any key) are refused as having expired credentials. */
  | { readonly kind: 'expired-credentials'; readonly accessKeyId?: string };

/** A fault in force, and how many events it has counted. */
export interface ActiveFault {
  readonly fault: Fault;
  readonly seen: number;
}

/** The faults in force, in the order in which they were added. */
export type Faults = { readonly fault: Fault; seen: number }[];

type FaultKind = Fault['kind'];
type CountedKind = Exclude<FaultKind, 'capacity' | 'expired-credentials'>;
type FaultOf<Kind extends FaultKind> = Extract<Fault, { kind: Kind }>;

export type CallEffect = FaultOf<'error' | 'drop-connection' | 'slow-answer'>;

export function addFault(faults: Faults, fault: Fault): void {
  faults.push({ fault, seen: 0 });
}

/** Counts this call against the faults of its operation; the first that is due takes effect. */
export function effectOf(faults: Faults, operation: string): CallEffect | undefined {
  const kinds = ['error', 'drop-connection', 'slow-answer'] as const;
  return dueFaults(faults, kinds, (fault) => fault.operation === operation)[0];
}

/** Why the image that is being made now has to fail; undefined: it need not. */
export function imageFailure(faults: Faults): string | undefined {
  return dueFaults(faults, ['image-failure'])[0]?.reason;
}

/** How long the image that is being made now stays pending; undefined: as usual. */
export function imageSlowness(faults: Faults, name: string): number | undefined {
  return dueFaults(faults, ['slow-image'], ({ nameStart = '' }) => name.startsWith(nameStart))[0]?.ms;
}

/** When the agent of the instance that is being started now comes; undefined: as usual. */
export function agentLateness(faults: Faults): number | 'never' | undefined {
  return dueFaults(faults, ['agent-late'])[0]?.ms;
}

/** All that will befall the instance of this event. */
export function mishapsOf(faults: Faults, on: FaultOf<'mishap'>['on']): readonly FaultOf<'mishap'>[] {
  return dueFaults(faults, ['mishap'], (fault) => fault.on === on);
}

export interface CapacityQuestion {
  readonly instanceType: string;
  readonly zone: string;
  readonly market: 'spot' | 'on-demand';
}

export function lacksCapacity(faults: Faults, { instanceType, zone, market }: CapacityQuestion): boolean {
  return faults.some(
    ({ fault }) =>
      fault.kind === 'capacity' &&
      (fault.instanceType ?? instanceType) === instanceType &&
      (fault.zone ?? zone) === zone &&
      (fault.market ?? market) === market,
  );
}

/** An unsigned request has no key, and always passes. */
export function refusesKey(faults: Faults, accessKeyId: string): boolean {
  if (accessKeyId === '') return false;
  return faults.some(
    ({ fault }) => fault.kind === 'expired-credentials' && (fault.accessKeyId ?? accessKeyId) === accessKeyId,
  );
}

/** Counts an event against every fault of these kinds that it concerns; returns those whose turn it is. */
function dueFaults<Kind extends CountedKind>(
  faults: Faults,
  kinds: readonly Kind[],
  concerns: (fault: FaultOf<Kind>) => boolean = () => true,
): readonly FaultOf<Kind>[] {
  const isOfKinds = (fault: Fault): fault is FaultOf<Kind> & { readonly call: Turn } =>
    kinds.some((kind) => kind === fault.kind);
  return faults.flatMap((active) => {
    const { fault } = active;
    if (!isOfKinds(fault) || !concerns(fault)) return [];
    active.seen += 1;
    return fault.call === 'every' || fault.call === active.seen ? [fault] : [];
  });
}
