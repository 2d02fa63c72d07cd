import { CloudFailure, type Cloud } from '../build/cloud.js';
import { keptManifest } from '../build/kept-manifest.js';
import type { ImageRecord } from '../images/image-record.js';
import { diffManifests, parseManifest, type Manifest } from '../images/manifest.js';
import { manifestPlaceOf, storedOf } from '../images/tags.js';
import { chunk } from '../lib/chunk.js';
import { groupBy } from '../lib/group-by.js';
import { inTime } from '../lib/in-time.js';
import type { LayerResult } from '../build/outcome.js';
import { imageOfRun, type PlanItem, type VariantKey } from '../plan/build-plan.js';
import { variantKey } from '../plan/variant.js';
import type { ImageDifference, Uncompared } from '../report/differences.js';
import type { RunIdentity } from '../run-identity.js';
import type { Ports } from './ports.js';

type Differences = ReadonlyMap<VariantKey, ImageDifference>;
type ComparisonPorts = Pick<Ports, 'cloudIn' | 'clock' | 'signal'>;

export interface Compared {
  readonly run: Pick<RunIdentity, 'id'>;
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
  const { clock, signal } = ports;
  return (await inTime(() => compareAll(compared, ports), { limitMs: LONGEST_MS, clock, signal })) ?? new Map();
}

async function compareAll({ run, items, results, latest }: Compared, ports: ComparisonPorts): Promise<Differences> {
  const made = items.flatMap((item): Made[] => {
    const outcome = results.get(item.key)?.outcome;
    if (outcome?.kind === 'built') return [{ item, imageId: outcome.imageId, image: undefined }];
    const image = imageOfRun(item, run);
    return image === undefined || image.latest ? [] : [{ item, imageId: image.imageId, image }];
  });
  const differences = new Map<VariantKey, ImageDifference>();
  for (const [region, some] of groupBy(made, ({ item }) => item.region)) {
    const cloud = ports.cloudIn(region);
    const pairs = pairsOf(some, await latestIn(cloud, some, latest)).slice(0, MOST_COMPARED);
    const unread = pairs.filter(({ image }) => image === undefined);
    const found =
      unread.length === 0 ? [] : await orNothing(cloud.findImages(unread.map(({ item }) => item.templateHash)));
    for (const together of chunk(pairs, AT_ONCE / 2)) {
      const compared = await Promise.all(
        together.map(async ({ item, imageId, image, before }) => {
          const after = image ?? found?.find((one) => one.imageId === imageId);
          const [old, now] = await Promise.all([before, after].map((one) => manifestOf(one, cloud, ports.clock.now())));
          const bytes = growthOf(before, after);
          const said = { ...packagesOf(old, now), ...(bytes === undefined ? {} : { bytes }) };
          return { key: item.key, against: before.imageId, said };
        }),
      );
      for (const { key, against, said } of compared) {
        if (Object.keys(said).length > 0) differences.set(key, { against, ...said });
      }
    }
  }
  return differences;
}

/** An image that this run has made; another job of it, where it is known already. */
interface Made {
  readonly item: PlanItem;
  readonly imageId: string;
  readonly image: ImageRecord | undefined;
}

/** Where nothing was to be built nobody has asked yet. */
async function latestIn(
  cloud: Cloud,
  made: readonly Made[],
  known: readonly ImageRecord[],
): Promise<readonly ImageRecord[]> {
  const here = known.filter(({ region }) => region === cloud.region);
  const isAsked = here.length > 0 || made.some(({ image }) => image === undefined);
  return isAsked ? here : ((await orNothing(cloud.listImages({ latest: true }))) ?? []);
}

/** Without those whose latest says nothing of itself, or that are it: another run may have promoted meanwhile. */
function pairsOf(
  made: readonly Made[],
  latest: readonly ImageRecord[],
): readonly (Made & { readonly before: ImageRecord })[] {
  return made.flatMap((one) => {
    const before = latest.find(({ layer, architecture }) => variantKey(layer, architecture) === one.item.key);
    const tells = before !== undefined && (manifestPlaceOf(before) ?? storedOf(before)) !== undefined;
    return tells && before.imageId !== one.imageId ? [{ ...one, before }] : [];
  });
}

/** What the layer adds to its parent in one and in the other, both counted whole. */
function growthOf(before: ImageRecord, after: ImageRecord | undefined): number | undefined {
  const [old, now] = [storedOf(before), after === undefined ? undefined : storedOf(after)];
  return old?.isExact === true && now?.isExact === true ? now.bytes - old.bytes : undefined;
}

type Told = Manifest | Uncompared | undefined;

async function manifestOf(image: ImageRecord | undefined, cloud: Cloud, now: number): Promise<Told> {
  const kept = image === undefined ? undefined : await orNothing(keptManifest(image, cloud, now));
  if (kept === undefined || kept.kind === 'not-told') return undefined;
  return kept.kind === 'kept' ? parseManifest(kept.text) : kept.kind;
}

function packagesOf(old: Told, now: Told): Pick<ImageDifference, 'packages' | 'uncompared'> {
  const why = [old, now].find((told) => typeof told === 'string');
  if (why !== undefined) return { uncompared: why };
  return typeof old === 'object' && typeof now === 'object' ? { packages: diffManifests(old, now) } : {};
}

async function orNothing<T>(asked: Promise<T>): Promise<T | undefined> {
  try {
    return await asked;
  } catch (error) {
    if (error instanceof CloudFailure) return undefined;
    throw error;
  }
}
