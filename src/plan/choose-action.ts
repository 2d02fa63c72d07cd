import type { ImageRecord } from '../images/image-record.js';
import { mayRelyOn, type Reuse } from '../images/trust.js';
import type { Action } from './build-plan.js';
import type { Reason } from './reason.js';

export interface Choice {
  readonly action: Action;
  readonly reasons: readonly Reason[];
}

export interface Wanted {
  readonly templateHash: string;
  readonly validationHash: string;
  readonly reuse: Reuse;
}

/**
 * What the images that carry a variant's template hash allow: reuse the newest that passed today's checks; else
 * validate the newest that may still pass; else build. The order of the branches is the order of preference.
 */
export function chooseAction(images: readonly ImageRecord[], wanted: Wanted): Choice {
  const newestFirst = [...images].sort((a, b) => (a.created < b.created ? 1 : a.created > b.created ? -1 : 0));
  const eligible = newestFirst.filter((image) => mayRelyOn(wanted, image));
  const usable = eligible.filter((image) => image.availability !== 'failed');
  const sameChecks = usable.filter((image) => image.validationHash === wanted.validationHash);

  const validated = sameChecks.find((image) => image.buildState === 'validated' && image.availability === 'available');
  if (validated !== undefined) {
    const { imageId, created } = validated;
    const found: Reason = { kind: 'image-found', imageId, templateHash: wanted.templateHash, created };
    return { action: { kind: 'reuse', image: validated }, reasons: [found] };
  }
  const unproven = sameChecks.find((image) => image.buildState === 'built' || image.buildState === 'building');
  if (unproven !== undefined) {
    return {
      action: { kind: 'validate', image: unproven },
      reasons: [{ kind: 'not-validated', imageId: unproven.imageId }],
    };
  }
  const otherChecks = usable.find((image) => image.validationHash !== wanted.validationHash);
  if (otherChecks !== undefined) {
    const changed: Reason = { kind: 'checks-changed', imageId: otherChecks.imageId };
    return { action: { kind: 'validate', image: otherChecks }, reasons: [changed] };
  }
  return { action: { kind: 'build' }, reasons: [whyBuild(eligible[0], newestFirst[0], wanted)] };
}

function whyBuild(newest: ImageRecord | undefined, any: ImageRecord | undefined, { templateHash }: Wanted): Reason {
  if (newest === undefined) {
    return any === undefined ? { kind: 'no-image', templateHash } : { kind: 'image-not-trusted', imageId: any.imageId };
  }
  const { imageId } = newest;
  return newest.availability === 'failed' ? { kind: 'image-failed', imageId } : { kind: 'image-rejected', imageId };
}
