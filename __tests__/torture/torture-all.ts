import type { Arena } from './arena.js';
import type { Asked, Suite } from './suite.js';

export interface Torture {
  readonly suite: Suite;
  /** As many cases at the same time. */
  readonly arenas: readonly Arena[];
  readonly asked: Asked;
  readonly onProblem: (line: string) => void;
  readonly onCase?: (name: string) => void;
}

export interface Tortured {
  readonly passed: number;
  readonly failed: number;
  /** What happened how often. */
  readonly notes: ReadonlyMap<string, number>;
}

/** Runs all cases of a suite, one after the other in each arena. */
export async function tortureAll({ suite, arenas, asked, onProblem, onCase }: Torture): Promise<Tortured> {
  const notes = new Map<string, number>();
  let passed = 0;
  let failed = 0;
  const [first] = arenas;
  if (first === undefined) throw new Error('there is no arena');
  const cases = suite.cases(first, asked).filter(({ name }) => name.includes(asked.match ?? ''));
  const queue = cases.values();
  const work = async (arena: Arena): Promise<void> => {
    for (const { name, run } of queue) {
      onCase?.(name);
      const verdict = await run(arena);
      await arena.reset();
      for (const note of verdict.notes) notes.set(note, (notes.get(note) ?? 0) + 1);
      for (const problem of verdict.problems) onProblem(`✗ ${name}: ${problem}`);
      if (verdict.problems.length === 0) passed += 1;
      else failed += 1;
    }
  };
  await Promise.all(arenas.map(work));
  return { passed, failed, notes: new Map([...notes].toSorted(([a], [b]) => (a < b ? -1 : 1))) };
}
