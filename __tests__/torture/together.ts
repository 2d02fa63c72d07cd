import { judge, NOTHING } from './aftermath.js';
import type { Suite, TortureCase } from './suite.js';

const CASES = 20;

/** Two runs of the same commit at the same time: one builds, the other follows. */
export const together: Suite = {
  title: 'two runs started together',
  cases: (_arena, { count = CASES }) => Array.from({ length: count }, (_, at) => makeCase(at + 1)),
};

/** What the run that comes second says of a layer, with the other's id. */
const FOLLOWED = / reused ami-[0-9a-f]+(, checks passed)?, made by run \S+/;

function makeCase(number: number): TortureCase {
  return {
    name: `pair ${number}`,
    run: async (arena) => {
      const runs = await Promise.all([arena.start(), arena.start()]);
      const ends = await Promise.all(runs.map(({ ended }) => ended));
      const { problems, notes } = await judge(arena, NOTHING, 0);
      const made = (await arena.calls()).filter(
        ({ operation, result }) => operation === 'CreateImage' && result === 'OK',
      );
      const { images } = arena.undisturbed;
      const unhappy = ends.filter(({ status }) => status !== 0);
      return {
        problems: [
          ...problems,
          ...unhappy.map(({ status, output }) => `a run ended with status ${status ?? 'none'}: ${whyOf(output)}`),
          ...(ends.some(({ output }) => FOLLOWED.test(output)) ? [] : ['no run said whom it followed']),
          ...(made.length === images.length ? [] : [`${made.length} images were made of ${images.length} layers`]),
        ],
        notes,
      };
    },
  };
}

/** The first layer's failure, or whatever was said last. */
function whyOf(output: string): string {
  return /❌ failed: .*\n.*/.exec(output)?.[0] ?? output.slice(-300);
}
