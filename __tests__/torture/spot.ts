import type { JournalEntry } from '../../sandbox/journal.js';
import { TAG_PREFIX } from '../../src/images/tags.js';
import { groupBy } from '../../src/lib/group-by.js';
import { judge, lookAround, NOTHING, type Found } from './aftermath.js';
import { within, type Arena } from './arena.js';
import { openGate } from './gate.js';
import { isAt, momentsOf, nameOf, type Moment } from './moments.js';
import { pick, type Suite, type TortureCase } from './suite.js';

/** All builders on Spot: they are taken back at each request of a build, or there are none to be had from a launch on. */
export const spot: Suite = {
  title: 'Spot builders that are taken back, or not to be had',
  cases: ({ undisturbed }, asked) => {
    const changes = momentsOf(undisturbed, 'changes');
    const launches = changes.filter(({ operation, when }) => operation === 'RunInstances' && when === 'before');
    const moments = [...changes, ...momentsOf(undisturbed, 'looks')];
    return pick([...launches.map(makeLack), ...moments.map(makeInterruption)], asked);
  },
};

function makeInterruption(moment: Moment): TortureCase {
  return makeCase(`taken back ${nameOf(moment)}`, moment, takeBack);
}

function makeLack(moment: Moment): TortureCase {
  return makeCase(`none to be had ${nameOf(moment)}`, moment, async (arena) => {
    await arena.sandbox.control.addFault({ kind: 'capacity', market: 'spot' });
    return lookAround(arena);
  });
}

function makeCase(name: string, moment: Moment, trouble: (arena: Arena) => Promise<Found>): TortureCase {
  return {
    name,
    run: async (arena) => {
      let found: Found | undefined;
      const gate = await openGate(arena.sandbox.endpoint, {
        [moment.when]: async (passing: Moment) => {
          if (isAt(moment, passing)) found = await trouble(arena);
          return 'pass';
        },
      });
      const { status, output } = await (await arena.start({ endpoint: gate.endpoint, flags: ['--spot'] })).ended;
      await gate.close();
      const { problems, notes } = await judge(arena, found ?? NOTHING, status);
      return {
        problems: [
          ...problems,
          ...(status === 0 ? [] : [output.slice(-600)]),
          ...needlessBuilders(await arena.calls(), found ?? NOTHING),
        ],
        notes: [...notes, found === undefined ? 'ended before its turn' : `${found.takenBack.size} taken back`],
      };
    },
  };
}

/** In real time. */
const GONE_MS = 10_000;

/** AWS takes all builders that are there, without notice; comes back when nothing can be asked of them any more. */
async function takeBack(arena: Arena): Promise<Found> {
  const { control } = arena.sandbox;
  const isThere = ({ state }: { readonly state: string }): boolean => state === 'pending' || state === 'running';
  const isBuilder = ({ tags }: { readonly tags: Readonly<Record<string, string>> }): boolean =>
    tags[`${TAG_PREFIX}role`] === 'builder';
  const builders = (await control.instances()).filter((one) => isBuilder(one) && isThere(one)).map(({ id }) => id);
  await Promise.all(builders.map((id) => control.befall(id, { kind: 'spot-interruption', noticeMs: 0 })));
  const takenBack = new Set(builders);
  const areGone = async (): Promise<boolean> =>
    !(await control.instances()).some((one) => takenBack.has(one.id) && isThere(one));
  if (!(await within(GONE_MS, areGone))) throw new Error('builders that were taken back are still there');
  return { ...(await lookAround(arena)), takenBack };
}

interface Launching {
  readonly InstanceMarketOptions?: object;
  readonly TagSpecifications?: readonly {
    readonly Tags: readonly { readonly Key: string; readonly Value: string }[];
  }[];
}

/** A layer has one builder, and one more on demand when the first was taken back. */
function needlessBuilders(calls: readonly JournalEntry[], { takenBack }: Found): readonly string[] {
  const launched = calls.flatMap(({ operation, result, parameters }) => {
    if (operation !== 'RunInstances' || result !== 'OK') return [];
    const { InstanceMarketOptions, TagSpecifications = [] } = parameters as Launching;
    const tags = new Map(TagSpecifications[0]?.Tags.map(({ Key, Value }) => [Key, Value]));
    const layer = tags.get(`${TAG_PREFIX}layer`) ?? '';
    const market = InstanceMarketOptions === undefined ? 'on demand' : 'on Spot';
    return tags.get(`${TAG_PREFIX}role`) === 'builder' ? [{ layer, market }] : [];
  });
  return [...groupBy(launched, ({ layer }) => layer)].flatMap(([layer, ofLayer]) => {
    const markets = ofLayer.map(({ market }) => market).join(', then ');
    const isFine =
      takenBack.size > 0 ? markets === 'on Spot' || markets === 'on Spot, then on demand' : ofLayer.length === 1;
    return isFine ? [] : [`${layer} was built ${markets}`];
  });
}
