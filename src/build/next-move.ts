import { isHeldByOther, isLive, oldestFirst, type Observer } from '../images/claim.js';
import type { ImageRecord } from '../images/image-record.js';
import type { InstanceRecord } from '../images/instance-record.js';
import { mayChange } from '../images/trust.js';
import { isNameOrLater } from '../plan/image-name.js';

/** All that AWS knows of one layer at one moment, and that the run may rely on. */
export interface LayerTraces {
  /** With the layer's template hash, whatever became of them. */
  readonly images: readonly ImageRecord[];
  readonly instances: readonly InstanceRecord[];
}

/** What is being made: an image of a new name, or the verdict on one that is there. */
export interface Sought {
  readonly image: { readonly name: string } | { readonly imageId: string };
  /** What a builder has to stand on; undefined for a root layer: any image of its base will do. */
  readonly parentImageId: string | undefined;
  readonly validationHash: string;
}

/** What to do next for a layer. `dead`: instances of runs that are gone, which are of no use any more and this run's to end. */
export type Move =
  /** Another run has done it meanwhile. */
  | { readonly kind: 'reuse'; readonly image: ImageRecord; readonly dead: readonly InstanceRecord[] }
  /** Another run has done it meanwhile, and its checks failed. */
  | { readonly kind: 'rejected'; readonly image: ImageRecord; readonly dead: readonly InstanceRecord[] }
  /** Another run is at it. */
  | { readonly kind: 'follow'; readonly instance: InstanceRecord }
  /** The image is there, or on its way: await it, run the checks. */
  | { readonly kind: 'validate'; readonly image: ImageRecord; readonly dead: readonly InstanceRecord[] }
  /** A builder whose run is gone: go on from where it is. */
  | { readonly kind: 'adopt'; readonly builder: InstanceRecord; readonly dead: readonly InstanceRecord[] }
  | { readonly kind: 'build'; readonly dead: readonly InstanceRecord[] };

/** An adopted builder has to have this long until its own timer ends it. */
const LEAST_LIFE_MS = 5 * 60_000;

/** The table "State, by tag": what the traces of earlier and other runs mean for this one. Pure. */
export function nextMove({ images, instances }: LayerTraces, sought: Sought, observer: Observer): Move {
  const image = images.find((one) => isSought(one, sought));
  const live = instances.filter(isLive).sort(oldestFirst);
  const holder = live.find((one) => isHeldByOther(one, observer));
  const dead = live.filter((one) => !isHeldByOther(one, observer) && mayChange(observer.run, one));
  if (image !== undefined && isJudged(image, sought)) {
    return { kind: image.buildState === 'validated' ? 'reuse' : 'rejected', image, dead };
  }
  if (holder !== undefined) return { kind: 'follow', instance: holder };
  if (image !== undefined) return { kind: 'validate', image, dead };
  const builder = dead.find((one) => isAdoptable(one, sought, observer));
  if (builder === undefined) return { kind: 'build', dead };
  return { kind: 'adopt', builder, dead: dead.filter((one) => one !== builder) };
}

function isSought(image: ImageRecord, { image: sought }: Sought): boolean {
  return 'imageId' in sought ? image.imageId === sought.imageId : isNameOrLater(image.name, sought.name);
}

/** Whether today's checks have given their verdict on what is sought. */
export function isJudged(image: ImageRecord, sought: Sought): boolean {
  const { availability, buildState, validationHash } = image;
  const hasVerdict = buildState === 'validated' || buildState === 'rejected';
  return (
    isSought(image, sought) && availability === 'available' && hasVerdict && validationHash === sought.validationHash
  );
}

function isAdoptable(
  { role, imageId, expiresAt }: InstanceRecord,
  { parentImageId }: Sought,
  { now }: Observer,
): boolean {
  const standsRight = parentImageId === undefined || parentImageId === imageId;
  return role === 'builder' && standsRight && (expiresAt === undefined || expiresAt - now > LEAST_LIFE_MS);
}
