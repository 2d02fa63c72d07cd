import type { ImageRecord } from '../images/image-record.js';
import { LATEST_TAG, TAG_PREFIX, restate, type Restatement, type Saying, type Tags } from '../images/tags.js';
import type { Reuse } from '../images/trust.js';
import { groupBy } from '../lib/group-by.js';
import { variantKey } from '../plan/variant.js';
import type { VariantKey } from '../plan/build-plan.js';
import type { Cloud } from './cloud.js';
import { reliableOnly } from './visible-cloud.js';

export interface Promotion {
  readonly key: VariantKey;
  readonly imageId: string;
  readonly templateHash: string;
  /** What the template says today of an image that may be older. */
  readonly saying: Saying;
}

export interface Promoted {
  /** Variants whose latest changed. */
  readonly moved: readonly VariantKey[];
  /** Of those asked for, the images that AWS does not show as ones to rely on; they stay what they are. */
  readonly refused: readonly Promotion[];
}

/**
 * Makes images the `latest` of their variants in one Region: the new ones get the tag first, then the others lose it,
 * so there is never a moment without one. Asks again at the end and takes the tag from what another run added meanwhile.
 * An image is looked at once more before it moves, whoever has chosen it, and says in the same call what the template
 * says now: it may have been made from another commit. One that stays latest may be of another commit too.
 */
export async function promote(promotions: readonly Promotion[], cloud: Cloud, reuse: Reuse): Promise<Promoted> {
  if (promotions.length === 0) return { moved: [], refused: [] };
  const before = new Map((await cloud.listImages({ latest: true })).map((image) => [image.imageId, image]));
  const asked = promotions.filter(({ imageId }) => !before.has(imageId));
  const reliable = await reliableOnly(cloud, reuse).findImages([...new Set(asked.map((one) => one.templateHash))]);
  const byId = new Map(reliable.map((image) => [image.imageId, image]));
  const moving = asked.flatMap((promotion) => {
    const image = byId.get(promotion.imageId);
    return image?.templateHash !== promotion.templateHash ? [] : [{ promotion, image }];
  });
  await makeLatest(moving, cloud);

  const moved = moving.map(({ promotion }) => promotion);
  const chosen = new Map(
    promotions
      .filter((one) => before.has(one.imageId) || moved.includes(one))
      .map(({ key, imageId }) => [key, imageId] as const),
  );
  const outdated = (await cloud.listImages({ latest: true })).filter((image) => {
    const successor = chosen.get(variantKey(image.layer, image.architecture));
    return successor !== undefined && successor !== image.imageId;
  });
  if (outdated.length > 0)
    await cloud.untag(
      outdated.map(({ imageId }) => imageId),
      [LATEST_TAG],
    );
  await keepUp(
    promotions.flatMap((promotion) => {
      const image = before.get(promotion.imageId);
      return image === undefined ? [] : [{ promotion, image }];
    }),
    cloud,
  );
  return { moved: moved.map(({ key }) => key), refused: asked.filter((one) => !moved.includes(one)) };
}

interface Moving {
  readonly promotion: Promotion;
  readonly image: ImageRecord;
}

async function makeLatest(moving: readonly Moving[], cloud: Cloud): Promise<void> {
  const restated = moving.map(({ promotion, image }) => ({ image, ...restate(image, promotion.saying) }));
  await write(restated, { [LATEST_TAG]: 'true' }, cloud);
}

/** What somebody else has put on an image since it became latest stays there. */
async function keepUp(staying: readonly Moving[], cloud: Cloud): Promise<void> {
  const restated = staying.map(({ promotion, image }) => {
    const { write, remove } = restate(image, promotion.saying);
    return { image, write, remove: remove.filter((key) => key.startsWith(TAG_PREFIX)) };
  });
  await write(restated, {}, cloud);
}

interface Restated extends Restatement {
  readonly image: ImageRecord;
}

/** One request for all that say already what they are to say, which is what this run has made. */
async function write(restated: readonly Restated[], also: Tags, cloud: Cloud): Promise<void> {
  for (const [, alike] of groupBy(restated, ({ write, remove }) => JSON.stringify([write, remove]))) {
    const [first] = alike;
    if (first === undefined) continue;
    const { remove } = first;
    const onAll = { ...first.write, ...also };
    const ids = alike.map(({ image }) => image.imageId);
    const snapshots = alike.flatMap(({ image }) => image.snapshots);
    if (remove.length > 0) await cloud.untag([...ids, ...snapshots], remove);
    if (Object.keys(first.write).length > 0) await cloud.tag(snapshots, first.write);
    if (Object.keys(onAll).length > 0) await cloud.tag(ids, onAll);
  }
}
