import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { openArena, type Arena } from './arena.js';
import { cancellations } from './cancellations.js';
import { faults } from './faults.js';
import { hostile } from './hostile.js';
import { kills } from './kills.js';
import { spot } from './spot.js';
import type { Asked, Suite } from './suite.js';
import { together } from './together.js';
import { tortureAll } from './torture-all.js';

let arena: Arena;
beforeAll(async () => {
  arena = await openArena(['root', 'leaf']);
});
afterAll(() => arena.close());

/** `npm run torture` goes through all cases; this is one of each kind, the same every time. */
const CASES: readonly (readonly [suite: Suite, asked: Partial<Asked>])[] = [
  [faults, { match: 'RunInstances connection lost after, call 1' }],
  [kills, { match: 'killed after CreateImage 1' }],
  [cancellations, { count: 1 }],
  [together, { count: 1 }],
  [hostile, { count: 2 }],
];

test.each(CASES.map(([suite, asked]) => ({ title: suite.title, suite, asked })))(
  '$title: nothing is left behind, done twice or lost',
  async ({ suite, asked: { count, match = '' } }) => {
    const problems: string[] = [];
    const asked = { seed: 3, count, match };
    const { passed } = await tortureAll({ suite, arenas: [arena], asked, onProblem: (one) => problems.push(one) });
    expect({ passed, problems }).toEqual({ passed: count ?? 1, problems: [] });
  },
);

test('a Spot builder that is taken back before an image is made of it is replaced by one on demand', async () => {
  const problems: string[] = [];
  const suite: typeof spot = {
    ...spot,
    cases: (...asked) => spot.cases(...asked).filter(({ name }) => name === 'taken back before CreateImage 1'),
  };
  const asked = { seed: 1, count: undefined };
  const { notes } = await tortureAll({ suite, arenas: [arena], asked, onProblem: (one) => problems.push(one) });
  expect({ problems, notes: [...notes] }).toEqual({ problems: [], notes: [['1 taken back', 1]] });
});
