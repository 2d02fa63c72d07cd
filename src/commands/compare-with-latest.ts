import { CloudFailure, type Cloud } from '../build/cloud.js';
import { keptManifest } from '../build/kept-manifest.js';
import type { ImageRecord } from '../images/image-record.js';
import { diffManifests, parseManifest, type Manifest } from '../images/manifest.js';
import { manifestPlaceOf } from '../images/tags.js';
import { chunk } from '../lib/chunk.js';
import { groupBy } from '../lib/group-by.js';
import type { LayerResult } from '../build/outcome.js';
import type { PlanItem, VariantKey } from '../plan/build-plan.js';
import { variantKey } from '../plan/variant.js';
import type { ImageDifference } from '../report/differences.js';
import type { Ports } from './ports.js';

type Differences = ReadonlyMap<VariantKey, ImageDifference>;
type ComparisonPorts = Pick<Ports, 'cloudIn' | 'clock'>;

export interface Compared {
  readonly items: readonly PlanItem[];
  readonly results: ReadonlyMap<VariantKey, LayerResult>;
  /** Images that are `latest` before anything is promoted. */
  readonly latest: readonly ImageRecord[];
}

/** Nobody reads more; each costs two requests. */
const MOST_COMPARED = 30;

/** Requests at the same time: Systems Manager throttles. */
const AT_ONCE = 10;

/** Nor does anybody wait longer for it. */
const LONGEST_MS = 10_000;

/**
 * What is other in the images that a run has built than in those that are `latest`, by what their test instances told:
 * nothing is launched. A nicety: of what cannot be read, nothing is said.
 */
export async function compareWithLatest(compared: Compared, ports: ComparisonPorts): Promise<Differences> {
  const done = new AbortController();
  const tooLong = ports.clock.sleep(LONGEST_MS, done.signal).then((): Differences => new Map());
  return Promise.race([compareAll(compared, ports), tooLong]).finally(() => done.abort());
}

async function compareAll(
  { items, results, latest }: Compared,
  { cloudIn, clock }: ComparisonPorts,
): Promise<Differences> {
  const pairs = items.flatMap((item) => {
    const outcome = results.get(item.key)?.outcome;
    const before = latest.find(
      (image) => variantKey(image.layer, image.architecture) === item.key && image.region === item.region,
    );
    if (outcome?.kind !== 'built' || before === undefined || manifestPlaceOf(before) === undefined) return [];
    return [{ item, imageId: outcome.imageId, before }];
  });
  const differences = new Map<VariantKey, ImageDifference>();
  for (const [region, some] of groupBy(pairs.slice(0, MOST_COMPARED), ({ item }) => item.region)) {
    const cloud = cloudIn(region);
    const made = await orNothing(cloud.findImages(some.map(({ item }) => item.templateHash)));
    for (const together of chunk(some, AT_ONCE / 2)) {
      const found = await Promise.all(
        together.map(async ({ item, imageId, before }) => {
          const after = made?.find((image) => image.imageId === imageId);
          const [old, now] = await Promise.all([before, after].map((image) => manifestOf(image, cloud, clock.now())));
          return { key: item.key, against: before.imageId, old, now };
        }),
      );
      for (const { key, against, old, now } of found) {
        if (old !== undefined && now !== undefined)
          differences.set(key, { against, packages: diffManifests(old, now) });
      }
    }
  }
  return differences;
}

async function manifestOf(image: ImageRecord | undefined, cloud: Cloud, now: number): Promise<Manifest | undefined> {
  const text = image === undefined ? undefined : await orNothing(keptManifest(image, cloud, now));
  return text === undefined ? undefined : parseManifest(text);
}

async function orNothing<T>(asked: Promise<T>): Promise<T | undefined> {
  try {
    return await asked;
  } catch (error) {
    if (error instanceof CloudFailure) return undefined;
    throw error;
  }
}
