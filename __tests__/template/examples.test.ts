import { describe, expect, test } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { posix } from 'node:path';
import { renderDiagnostics } from '../../src/diagnostics/render-diagnostic.js';
import type { Layer } from '../../src/template/layer.js';
import { linkLayers } from '../../src/graph/link-layers.js';
import { loadTemplates } from '../../src/template/load-templates.js';
import { createFsWorkspace } from '../../src/workspace/fs-workspace.js';
import { planOf } from '../plan/plan-of.js';
import { HAS_SHELLCHECK, shellcheck } from './shellcheck.js';

const { layers, diagnostics } = loadTemplates({ workspace: createFsWorkspace('.'), templates: ['templates'] });

/** `name` or `name < parent`, for the layers of one folder. */
function layersOf(folder: string): string[] {
  return layers
    .filter(({ templatePath }) => posix.dirname(templatePath) === folder)
    .map((layer) => (layer.parent.kind === 'file' ? `${layer.name} < ${layer.parent.path}` : layer.name));
}

const scriptsOf = ({ steps, validation }: Layer) => [
  ...steps.map(({ script }) => script),
  ...validation.checks.map(({ run }) => run),
  ...(validation.script === undefined ? [] : [validation.script.script]),
];

describe('the example templates', () => {
  test('have no problems', () => {
    expect(renderDiagnostics(diagnostics)).toBe('');
  });

  test('of HPC are the chain they are meant to be', () => {
    const parent = 'templates/hpc/foundation.yaml';
    expect(layersOf('templates/hpc')).toEqual(['foundation', `gromacs < ${parent}`, `namd < ${parent}`]);
  });

  test('of the quick start are a root, two children and a grandchild', () => {
    expect(layersOf('templates/quickstart')).toEqual([
      'analyzer < templates/quickstart/libstats.yaml',
      'handbook < templates/quickstart/toolchain.yaml',
      'libstats < templates/quickstart/toolchain.yaml',
      'toolchain',
    ]);
  });

  test('to copy are planned, roots before what stands on them', () => {
    const { graph, diagnostics: ofGraph } = linkLayers(layers);
    expect(renderDiagnostics(ofGraph)).toBe('');
    expect(planOf(graph).filter((line) => !/^(analyzer|handbook|libstats|toolchain)\//.test(line))).toEqual([
      'foundation/x86_64: build in us-west-2',
      'gromacs/x86_64: build in us-west-2',
      'namd/x86_64: build in us-west-2',
      'genomics/x86_64: build in us-east-1',
      'hardened-base/x86_64: build in us-east-1',
      'pytorch-cuda/x86_64: build in us-east-1',
      'web/x86_64: build in us-east-1',
    ]);
  });

  test('have checks of their own, each of them', () => {
    const unchecked = layers.filter(
      ({ validation }) => validation.script === undefined && validation.checks.length === 0,
    );
    expect(unchecked.map(({ name }) => name)).toEqual([]);
  });

  test('start with the line that tells editors where the schema is', () => {
    for (const { templatePath } of layers) {
      const [first = ''] = readFileSync(templatePath, 'utf8').split('\n', 1);
      const schema = /^# yaml-language-server: \$schema=(\S+)$/.exec(first)?.[1] ?? '';
      expect(posix.join(posix.dirname(templatePath), schema)).toBe('schema/template.schema.json');
    }
  });

  test('have sound scripts', () => {
    const scripts = layers.flatMap(scriptsOf);
    expect(scripts.length).toBeGreaterThan(15);
    for (const script of scripts) execFileSync('bash', ['-n'], { input: script });
  });

  (HAS_SHELLCHECK ? test : test.skip)('have scripts that shellcheck has nothing to say of (skipped without it)', () => {
    const scripts = layers.flatMap((layer) =>
      scriptsOf(layer).map((script, index) => [`${layer.name} ${index}`, script] as const),
    );
    expect(shellcheck(Object.fromEntries(scripts))).toBe('');
  });
});
