import { judge, lookAround } from './aftermath.js';
import type { Arena } from './arena.js';
import { openGate, type Passing } from './gate.js';
import { isAt, momentsOf, nameOf, type Moment } from './moments.js';
import { pick, type Suite, type TortureCase } from './suite.js';

/** After so long without a sign of life a run is taken for dead, and what it had is taken over. */
const UNTIL_DEAD_MS = 600_000;

/** The run is killed at each of its requests to AWS that change something: before they take effect, and after. */
export const kills: Suite = {
  title: 'a run killed at a request that changes something',
  cases: ({ undisturbed }, asked) => pick(momentsOf(undisturbed, 'changes'), asked).map(makeCase),
};

/** At each that only looks: what follows it changes nothing either, unless it is one of the others. */
export const killsBetween: Suite = {
  title: 'a run killed at a request that only looks',
  cases: ({ undisturbed }, asked) => pick(momentsOf(undisturbed, 'looks'), asked).map(makeCase),
};

function makeCase(moment: Moment): TortureCase {
  return {
    name: `killed ${nameOf(moment)}`,
    run: async (arena) => {
      const wasKilled = await killAt(moment, arena);
      await arena.sandbox.control.advance(UNTIL_DEAD_MS);
      const found = await lookAround(arena);
      const { status } = await (await arena.start()).ended;
      const { problems, notes } = await judge(arena, found, status);
      return { problems, notes: [...notes, wasKilled ? 'killed' : 'ended before its turn'] };
    },
  };
}

/** Runs the product until that moment; false: it came to its end without it, having asked less often this time. */
async function killAt(moment: Moment, arena: Arena): Promise<boolean> {
  let wasKilled = false;
  let kill: () => void = () => undefined;
  const guard = (passing: Passing): 'pass' | 'lost' => {
    if (isAt(moment, passing)) {
      wasKilled = true;
      kill();
    }
    return wasKilled ? 'lost' : 'pass';
  };
  const gate = await openGate(arena.sandbox.endpoint, { [moment.when]: guard });
  const product = await arena.start({ endpoint: gate.endpoint });
  kill = () => product.child.kill('SIGKILL');
  await product.ended;
  await gate.close();
  return wasKilled;
}
