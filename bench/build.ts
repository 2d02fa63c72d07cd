// npm run bench:build: graphs of layers built with the real engine in the sandbox's time, against the fastest that a build
// could be and against other schemes, which are arithmetic. docs/performance.md says what the columns mean.
import { Command } from 'commander';
import { loadavg } from 'node:os';
import { GRAPHS } from './build-graphs.js';
import { runBench } from './build-run.js';
import { idealSeconds, rulesSeconds, scriptsSeconds, serialSeconds } from './build-schemes.js';
import { overheadByPhase } from './build-phases.js';

interface Flags {
  readonly only?: string;
  readonly rate: string;
  readonly chain?: boolean;
  readonly again?: boolean;
}

const { only, rate, chain, again } = new Command('bench:build')
  .option('--only <graph>', `one of: ${Object.keys(GRAPHS).join(', ')}`)
  .option('--rate <number>', 'sandbox seconds for each real one: too many, and the processor is what is measured', '10')
  .option('--chain', 'let the first child go on with its parent’s builder')
  .option('--again', 'measure the second build, when it is known how long each layer takes')
  .parse()
  .opts<Flags>();

for (const [name, graph] of Object.entries(GRAPHS)) {
  if (only !== undefined && only !== name) continue;
  const ideal = idealSeconds(graph);
  const { seconds, requests, layers } = await runBench(graph, {
    rate: Number(rate),
    flags: chain === true ? ['--chain'] : [],
    again: again === true,
  });
  const times = (of: number): string => `${(of / ideal).toFixed(2)} ×`;
  console.log(
    `${graph.title}: ${(seconds / 60).toFixed(1)} min = ${times(seconds)} the ideal ${(ideal / 60).toFixed(1)} min`,
  );
  console.log(
    `  our rules alone ${times(rulesSeconds(graph, chain === true))}, serial with a cache ${times(serialSeconds(graph))}, ` +
      `a script per leaf ${times(scriptsSeconds(graph))}; ${requests} requests; load ${loadavg()[0]?.toFixed(1) ?? ''}`,
  );
  const overhead = [...overheadByPhase(graph, layers)].map(([phase, late]) => `${phase} ${late.toFixed(1)}`);
  console.log(`  seconds that a layer's phases took longer than what they wait for: ${overhead.join(', ')}`);
}
