import { isBrokenState } from './broken-state.js';
import type { BuildState, ImageRecord } from './image-record.js';
import type { InstanceRecord } from './instance-record.js';

/** What a sweep looks at: resources of this tool that no finished build has. */
export type Found =
  | { readonly kind: 'instance'; readonly instance: InstanceRecord }
  | { readonly kind: 'image'; readonly image: ImageRecord };

export type EndReason =
  | { readonly kind: 'expired'; readonly expiresAt: number }
  | { readonly kind: 'of-run'; readonly runId: string }
  | { readonly kind: 'too-old'; readonly launchedAt: number }
  | { readonly kind: 'broken'; readonly state: string; readonly stateReason: string | undefined };

export type KeepReason =
  | { readonly kind: 'not-expired'; readonly expiresAt: number }
  | { readonly kind: 'no-expiry' }
  | { readonly kind: 'ending' }
  | { readonly kind: 'being-imaged'; readonly imageId: string }
  | { readonly kind: 'pending' }
  | { readonly kind: 'resumable' }
  | { readonly kind: 'finished-once'; readonly buildState: BuildState; readonly state: string }
  | { readonly kind: 'taken-away'; readonly state: string };

export type Verdict =
  { readonly action: 'end'; readonly reason: EndReason } | { readonly action: 'keep'; readonly reason: KeepReason };

export interface Judged {
  readonly found: Found;
  readonly verdict: Verdict;
}

export interface SweepRules {
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** Ids of runs whose instances go, expired or not. */
  readonly runs: readonly string[];
  /** Instances that were launched longer ago go, expired or not; undefined: age alone is no reason. */
  readonly olderThanMs: number | undefined;
}

/** Whether a sweep has to look at an image at all: it has no verdict yet, or EC2 does not offer it. */
export function isUnfinished(image: ImageRecord): boolean {
  return image.buildState === 'built' || image.availability !== 'available';
}

/** What of one Region goes and what stays, in the order given. */
export function decideSweep(found: readonly Found[], rules: SweepRules): readonly Judged[] {
  const imaging = pendingImages(found);
  return found.map((one) => ({
    found: one,
    verdict: one.kind === 'instance' ? judgeInstance(one.instance, imaging, rules) : judgeImage(one),
  }));
}

/** Ids of images that EC2 is making, by template hash. */
function pendingImages(found: readonly Found[]): ReadonlyMap<string, string> {
  return new Map(
    found.flatMap((one) =>
      one.kind === 'image' && one.image.availability === 'pending'
        ? [[one.image.templateHash, one.image.imageId] as const]
        : [],
    ),
  );
}

function judgeInstance(
  { state, role, templateHash, runId, launchedAt, expiresAt }: InstanceRecord,
  imaging: ReadonlyMap<string, string>,
  { now, runs, olderThanMs }: SweepRules,
): Verdict {
  if (state === 'shutting-down' || state === 'terminated') return keep({ kind: 'ending' });
  // EC2 may still be copying this builder's disk into that image.
  const imageId = role === 'builder' ? imaging.get(templateHash) : undefined;
  if (imageId !== undefined) return keep({ kind: 'being-imaged', imageId });
  // An empty id is what a script asks for whose variable is not set; it must not match instances that have none.
  if (runId !== '' && runs.includes(runId)) return end({ kind: 'of-run', runId });
  if (expiresAt !== undefined && expiresAt <= now) return end({ kind: 'expired', expiresAt });
  if (olderThanMs !== undefined && now - launchedAt > olderThanMs) return end({ kind: 'too-old', launchedAt });
  return keep(expiresAt === undefined ? { kind: 'no-expiry' } : { kind: 'not-expired', expiresAt });
}

function judgeImage({ image }: Extract<Found, { readonly kind: 'image' }>): Verdict {
  const { availability, buildState, state, stateReason } = image;
  if (availability === 'pending') return keep({ kind: 'pending' });
  if (availability === 'available') return keep({ kind: 'resumable' });
  if (!isBrokenState(state)) return keep({ kind: 'taken-away', state });
  if (buildState === 'built' || buildState === 'validated') return keep({ kind: 'finished-once', buildState, state });
  return end({ kind: 'broken', state, stateReason });
}

function end(reason: EndReason): Verdict {
  return { action: 'end', reason };
}

function keep(reason: KeepReason): Verdict {
  return { action: 'keep', reason };
}
