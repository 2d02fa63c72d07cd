import type { JournalEntry } from '../../sandbox/journal.js';
import type { InstanceTime } from '../../sandbox/control.js';
import { MANAGED_TAG, RUN_TOKEN_TAG, TAG_PREFIX } from '../../src/images/tags.js';
import { groupBy } from '../../src/lib/group-by.js';
import { within, type Arena, type Stage } from './arena.js';
import { REGION } from './product.js';
import { readImages, type LayerImage } from './images.js';
import type { StepRun } from './tally.js';

/** What there was between a disturbed run and the next. */
export interface Found {
  readonly images: readonly LayerImage[];
  /** All that had been launched. */
  readonly instances: ReadonlySet<string>;
  /** Of these, the ones that AWS has taken away. */
  readonly takenBack: ReadonlySet<string>;
}

export const NOTHING: Found = { images: [], instances: new Set(), takenBack: new Set() };

export interface Verdict {
  /** What must never be. */
  readonly problems: readonly string[];
  /** What may be, and is counted. */
  readonly notes: readonly string[];
}

const HOUR_MS = 3_600_000;
/** The longest timer that a template can give its builder. */
const LONGEST_TIMER_MS = 48 * HOUR_MS;
/** In real time: machines take a moment to end. */
const QUIET_MS = 5_000;
/** Many programs end when a timer rings. */
const TIMER_QUIET_MS = 20_000;

export async function lookAround({ sandbox }: Arena): Promise<Found> {
  const instances = await sandbox.control.instances();
  return { images: await readImages(sandbox), instances: new Set(instances.map(({ id }) => id)), takenBack: new Set() };
}

/** After a run that nothing disturbed: is all as if nothing ever had been wrong? */
export async function judge(arena: Arena, found: Found, status: number | undefined): Promise<Verdict> {
  const problems: string[] = [];
  if (status !== 0) problems.push(`the undisturbed run after it ended with status ${status ?? 'none'}`);
  const images = await readImages(arena.sandbox);
  if (JSON.stringify(images) !== JSON.stringify(arena.undisturbed.images)) {
    problems.push(`other images: ${images.map(({ name, state }) => `${name} ${state}`).join(', ')}`);
  }
  const instances = await arena.sandbox.control.instances();
  problems.push(...repeatedSteps(found, arena.tally.runs(), instances), ...bornUntagged(await arena.calls()));
  const { notes, problems: stayed } = await judgeLeftovers(arena);
  return { problems: [...problems, ...stayed], notes };
}

/** Steps that ran twice though nothing had been lost. */
function repeatedSteps(found: Found, steps: readonly StepRun[], instances: readonly InstanceTime[]): readonly string[] {
  const problems: string[] = [];
  const seen = new Set<string>();
  for (const { layer, step, builder } of steps) {
    const run = `${step} of ${layer} on ${builder}`;
    if (seen.has(run)) problems.push(`${run} ran twice`);
    seen.add(run);
  }
  const worked = new Set(steps.map(({ builder }) => builder));
  const builders = instances.filter(({ id }) => worked.has(id)).toSorted((a, b) => a.launchedAt - b.launchedAt);
  for (const [layer, ofLayer] of groupBy(builders, layerOf)) {
    for (const [at, later] of ofLayer.entries()) {
      const earlier = ofLayer[at - 1];
      const isLost = earlier !== undefined && found.takenBack.has(earlier.id);
      if (earlier !== undefined && !isLost && !(earlier.endedAt !== undefined && earlier.endedAt <= later.launchedAt)) {
        problems.push(`${layer} ran again though its builder was there`);
      }
      if (!found.instances.has(later.id) && found.images.some((image) => image.layer === layer)) {
        problems.push(`${layer} ran again though its image was there`);
      }
    }
  }
  return problems;
}

async function judgeLeftovers(arena: Arena): Promise<Verdict> {
  const isQuiet = async (): Promise<boolean> => (await listLeftovers(arena)).length === 0;
  if (await within(QUIET_MS, isQuiet)) return { problems: [], notes: [] };
  const early = await listLeftovers(arena);
  await arena.sandbox.control.advance(LONGEST_TIMER_MS);
  if (await within(TIMER_QUIET_MS, isQuiet))
    return { problems: [], notes: early.map((one) => `${one} left to its timer`) };
  // A stopped instance has no timer.
  const late = await listLeftovers(arena);
  await (
    await arena.start({ command: ['sweep', '--region', REGION] })
  ).ended;
  if (await within(QUIET_MS, isQuiet)) return { problems: [], notes: late.map((one) => `${one} left to a sweep`) };
  return { problems: (await listLeftovers(arena)).map((one) => `${one} left for good`), notes: [] };
}

/** What is still running or half made, by what it is for. */
export async function listLeftovers({ sandbox: { control } }: Stage): Promise<readonly string[]> {
  const { instances, images, volumes } = await control.leftovers();
  const stored = [...volumes.map(() => 'volume'), ...images.map(({ state }) => `${state} image`)];
  if (instances.length === 0) return stored;
  const left = new Set(instances.map(({ id }) => id));
  const roles = (await control.instances())
    .filter(({ id }) => left.has(id))
    .map(({ tags, state }) => `${state} ${tags[`${TAG_PREFIX}role`] ?? 'untagged instance'}`);
  return [...roles, ...stored];
}

const TAGGED: Readonly<Record<string, readonly string[]>> = {
  RunInstances: ['instance', 'volume', 'network-interface'],
  CreateImage: ['image', 'snapshot'],
};

interface Creating {
  readonly InstanceMarketOptions?: object;
  readonly TagSpecifications?: readonly {
    readonly ResourceType: string;
    readonly Tags: readonly { readonly Key: string }[];
  }[];
}

/** What was created without saying whose it is. */
export function bornUntagged(calls: readonly JournalEntry[]): string[] {
  return calls.flatMap(({ operation, parameters }) => {
    const { TagSpecifications = [], InstanceMarketOptions } = (parameters ?? {}) as Creating;
    const types = [...(TAGGED[operation] ?? []), ...(InstanceMarketOptions ? ['spot-instances-request'] : [])];
    return types.flatMap((type) => {
      const keys = TagSpecifications.find(({ ResourceType }) => ResourceType === type)?.Tags.map(({ Key }) => Key);
      const isTagged = keys?.includes(MANAGED_TAG) === true && keys.includes(RUN_TOKEN_TAG);
      return isTagged ? [] : [`${operation} made a ${type} without tags`];
    });
  });
}

function layerOf({ tags }: InstanceTime): string {
  return tags[`${TAG_PREFIX}layer`] ?? '';
}
