import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { openArena, type Arena } from './arena.js';
import { cancellations } from './cancellations.js';
import { faults } from './faults.js';
import { tortureAll } from './torture-all.js';

let arena: Arena;
beforeAll(async () => {
  arena = await openArena();
});
afterAll(() => arena.close());

/** `npm run torture` goes through all cases; these are a few of each kind, the same ones every time. */
test.each([
  { suite: faults, count: 2 },
  { suite: cancellations, count: 1 },
])('$suite.title leaves nothing behind, and the next run completes', async ({ suite, count }) => {
  const problems: string[] = [];
  const { passed } = await tortureAll({
    suite,
    arenas: [arena],
    asked: { seed: 3, count },
    onProblem: (problem) => problems.push(problem),
  });
  expect({ passed, problems }).toEqual({ passed: count, problems: [] });
});
