import type { Scope } from './wire/operation.js';

/** A token bucket: how many requests may come at once, and how many more each second. */
export interface Bucket {
  readonly burst: number;
  readonly perSecond: number;
}

export type Throttling =
  | { readonly kind: 'off' }
  /** AWS's own limits, with those of some operations replaced. */
  | { readonly kind: 'on'; readonly limits?: Readonly<Record<string, Bucket>> };

/** A call, as far as throttling looks at it. */
export interface ThrottledCall extends Scope {
  readonly service: string;
  readonly operation: string;
  readonly parameters: unknown;
}

export interface Throttle {
  readonly setting: () => Throttling;
  readonly set: (setting: Throttling) => void;
  /** Whether the call's bucket had a token left; takes it. Always, while throttling is off. */
  readonly admits: (call: ThrottledCall) => boolean;
}

/** EC2's default buckets for each account and Region (`DEV:ec2-api-throttling`). SSM and STS publish none. */
const READING: Bucket = { burst: 100, perSecond: 20 };
const UNFILTERED: Bucket = { burst: 50, perSecond: 10 };
const CHANGING: Bucket = { burst: 50, perSecond: 5 };
const OWN_BUCKETS: Readonly<Record<string, Bucket>> = {
  RunInstances: { burst: 5, perSecond: 2 },
  StartInstances: { burst: 5, perSecond: 2 },
  TerminateInstances: { burst: 100, perSecond: 5 },
  CreateTags: { burst: 100, perSecond: 10 },
  CopyImage: { burst: 100, perSecond: 1 },
  ModifyImageAttribute: { burst: 100, perSecond: 5 },
  DeregisterImage: { burst: 100, perSecond: 5 },
};

/** Those that cost more when they are asked for everything at once. */
const WITH_UNFILTERED = ['DescribeInstances', 'DescribeInstanceStatus', 'DescribeSecurityGroups', 'DescribeSnapshots'];
const NARROWING = ['Filters', 'MaxResults', 'InstanceIds', 'GroupIds', 'SnapshotIds'];

export function makeThrottle(now: () => number): Throttle {
  let setting: Throttling = { kind: 'off' };
  const levels = new Map<string, { tokens: number; at: number }>();
  return {
    setting: () => setting,
    set: (next) => {
      setting = next;
      levels.clear();
    },
    admits: (call) => {
      const bucket = setting.kind === 'off' ? undefined : (setting.limits?.[call.operation] ?? bucketOf(call));
      if (bucket === undefined) return true;
      const key = [call.account, call.region, call.operation, bucket === UNFILTERED].join(' ');
      const before = levels.get(key) ?? { tokens: bucket.burst, at: now() };
      const gained = ((now() - before.at) / 1000) * bucket.perSecond;
      const tokens = Math.min(bucket.burst, before.tokens + gained);
      const isAdmitted = tokens >= 1;
      levels.set(key, { tokens: isAdmitted ? tokens - 1 : tokens, at: now() });
      return isAdmitted;
    },
  };
}

function bucketOf({ service, operation, parameters }: ThrottledCall): Bucket | undefined {
  if (service !== 'ec2') return undefined;
  const own = OWN_BUCKETS[operation];
  if (own !== undefined) return own;
  if (!/^(Describe|Get|List)/.test(operation)) return CHANGING;
  const asked = typeof parameters === 'object' && parameters !== null ? Object.keys(parameters) : [];
  const isNarrowed = NARROWING.some((name) => asked.includes(name));
  return WITH_UNFILTERED.includes(operation) && !isNarrowed ? UNFILTERED : READING;
}
