import { LATEST_TAG } from '../images/tags.js';
import { variantKey } from '../plan/variant.js';
import type { VariantKey } from '../plan/build-plan.js';
import type { Cloud } from './cloud.js';

export interface Promotion {
  readonly key: VariantKey;
  readonly imageId: string;
}

/**
 * Makes images the `latest` of their variants in one Region: the new ones get the tag first, then the others lose it,
 * so there is never a moment without one. Asks again at the end and takes the tag from what another run added meanwhile.
 * Returns the variants whose latest changed.
 */
export async function promote(promotions: readonly Promotion[], cloud: Cloud): Promise<readonly VariantKey[]> {
  if (promotions.length === 0) return [];
  const before = new Set((await cloud.listImages({ latest: true })).map((image) => image.imageId));
  const moving = promotions.filter(({ imageId }) => !before.has(imageId));
  if (moving.length > 0)
    await cloud.tag(
      moving.map(({ imageId }) => imageId),
      { [LATEST_TAG]: 'true' },
    );

  const chosen = new Map(promotions.map(({ key, imageId }) => [key, imageId]));
  const outdated = (await cloud.listImages({ latest: true })).filter((image) => {
    const successor = chosen.get(variantKey(image.layer, image.architecture));
    return successor !== undefined && successor !== image.imageId;
  });
  if (outdated.length > 0)
    await cloud.untag(
      outdated.map(({ imageId }) => imageId),
      [LATEST_TAG],
    );
  return moving.map(({ key }) => key);
}
