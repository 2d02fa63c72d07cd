import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Writes `count` templates of about 1 KB that form a tree in which every layer has four children. */
export function generateTemplates(folder: string, count: number): void {
  mkdirSync(join(folder, 'templates'), { recursive: true });
  for (let index = 0; index < count; index += 1) {
    const parent = index === 0 ? 'base: al2023' : `extends: layer-${Math.floor((index - 1) / 4)}`;
    writeFileSync(join(folder, 'templates', `layer-${index}.yaml`), templateOf(index, parent));
  }
}

function templateOf(index: number, parent: string): string {
  const steps = Array.from(
    { length: 4 },
    (_, step) => `  - name: step ${step}
    run: |
      # settings of layer ${index}, step ${step}
      install -d /opt/layer-${index}
      echo "value-${index}-${step}" > /opt/layer-${index}/setting-${step}.conf
`,
  ).join('');
  return `# Layer ${index} of a generated tree.
name: layer-${index}
version: 1.${index}.0
${parent}
env: {LAYER: "${index}", MODE: production}
software:
  packages: [git, jq, gcc]
provision:
${steps}validate:
  checks:
    - {name: setting, run: cat /opt/layer-${index}/setting-0.conf, equals: value-${index}-0}
    - {name: compiler, run: gcc --version, contains: gcc}
tags: {team: hpc, cost-center: "4711"}
`;
}
