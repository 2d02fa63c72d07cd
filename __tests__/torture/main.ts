// npm run torture: every suite to its end, with all that went wrong and the counts of what happened.
import { Command } from 'commander';
import { openArena } from './arena.js';
import { SUITES } from './suites.js';
import { tortureAll } from './torture-all.js';

interface Flags {
  readonly only: string | undefined;
  readonly seed: string;
  readonly count: string | undefined;
  readonly match: string;
  readonly parallel: string;
}

const torture = new Command('torture')
  .argument('[flags...]', 'flags of every build, after --: -- --chain')
  .option('--only <suite>', `one of: ${Object.keys(SUITES).join(', ')}`)
  .option('--seed <number>', 'which cases, where there are more than are run', '1')
  .option('--count <number>', 'so many cases of each suite')
  .option('--match <text>', 'only cases that have this in their names', '')
  .option('--parallel <number>', 'sandboxes at the same time', '2')
  .parse();
const { only, seed, count, match, parallel } = torture.opts<Flags>();

const asked = { seed: Number(seed), count: count === undefined ? undefined : Number(count), match };
const arenas = await Promise.all(Array.from({ length: Number(parallel) }, () => openArena(undefined, torture.args)));
let failed = 0;
try {
  for (const [name, suite] of Object.entries(SUITES)) {
    if (only !== undefined && only !== name) continue;
    const startedAt = Date.now();
    let begun = 0;
    const onCase = (title: string): void => console.error(`${(begun += 1)}: ${title}`);
    const result = await tortureAll({ suite, arenas, asked, onProblem: console.log, onCase });
    failed += result.failed;
    console.log(`${name}: ${suite.title}: ${result.passed} passed, ${result.failed} failed`);
    for (const [note, times] of result.notes) console.log(`  ${String(times).padStart(4)} × ${note}`);
    console.log(`  in ${Math.round((Date.now() - startedAt) / 1000)} s`);
  }
} finally {
  await Promise.all(arenas.map(({ close }) => close()));
}
process.exitCode = failed === 0 ? 0 : 1;
