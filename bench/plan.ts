// npm run bench:plan: how long planning takes, as ratios to what is unavoidable.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { generateTemplates } from './generate-templates.js';
import { medianTimes } from './rounds.js';

const ROUNDS = 7;
const here = import.meta.dirname;

for (const count of [100, 1_000, 10_000]) {
  const folder = mkdtempSync(join(tmpdir(), 'ami-layers-bench-'));
  generateTemplates(folder, count);
  const { node, parse, plan } = medianTimes(
    {
      node: { args: ['-e', '0'] },
      parse: { args: [join(here, 'parse-only.js'), folder] },
      plan: { args: [join(here, 'plan-once.js'), folder, 'templates/layer-1.yaml'] },
    },
    ROUNDS,
  );
  rmSync(folder, { recursive: true });
  console.log(
    `${String(count).padStart(6)} templates: plan ${plan.toFixed(0)} ms = ${(plan / node).toFixed(1)} × node -e 0 (${node.toFixed(0)} ms)` +
      ` = ${(plan / parse).toFixed(2)} × reading and parsing alone (${parse.toFixed(0)} ms)`,
  );
}
