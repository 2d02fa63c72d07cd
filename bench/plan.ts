// npm run bench:plan: how long planning takes, as ratios to what is unavoidable. Runs every command in fresh processes,
// in turns, so that a slow moment of the machine hits all alike; prints medians.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { generateTemplates } from './generate-templates.js';

const ROUNDS = 7;
const here = import.meta.dirname;

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

function timeOf(args: readonly string[]): number {
  const start = process.hrtime.bigint();
  execFileSync(process.execPath, args, { stdio: 'ignore' });
  return Number(process.hrtime.bigint() - start) / 1e6;
}

for (const count of [100, 1_000, 10_000]) {
  const folder = mkdtempSync(join(tmpdir(), 'ami-layers-bench-'));
  generateTemplates(folder, count);
  const commands = {
    'node -e 0': ['-e', '0'],
    'read and parse': [join(here, 'parse-only.js'), folder],
    plan: [join(here, 'plan-once.js'), folder, 'templates/layer-1.yaml'],
  };
  const times: Record<string, number[]> = {};
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const [name, args] of Object.entries(commands)) (times[name] ??= []).push(timeOf(args));
  }
  rmSync(folder, { recursive: true });
  const [node = 1, parse = 1, plan = 1] = Object.keys(commands).map((name) => median(times[name] ?? []));
  console.log(
    `${String(count).padStart(6)} templates: plan ${plan.toFixed(0)} ms = ${(plan / node).toFixed(1)} × node -e 0 (${node.toFixed(0)} ms)` +
      ` = ${(plan / parse).toFixed(2)} × reading and parsing alone (${parse.toFixed(0)} ms)`,
  );
}
