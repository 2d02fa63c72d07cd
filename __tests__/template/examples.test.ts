import { describe, expect, test } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { posix } from 'node:path';
import { renderDiagnostics } from '../../src/diagnostics/render-diagnostic.js';
import type { Layer } from '../../src/template/layer.js';
import { loadTemplates } from '../../src/template/load-templates.js';
import { createFsWorkspace } from '../../src/workspace/fs-workspace.js';

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

  test('of the quick start are a root, two children and a grandchild, each with a check of its own', () => {
    expect(layersOf('templates/quickstart')).toEqual([
      'analyzer < templates/quickstart/libstats.yaml',
      'handbook < templates/quickstart/toolchain.yaml',
      'libstats < templates/quickstart/toolchain.yaml',
      'toolchain',
    ]);
    const unchecked = layers.filter(
      ({ templatePath, validation }) => templatePath.includes('/quickstart/') && validation.checks.length === 0,
    );
    expect(unchecked).toEqual([]);
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
});
