import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { parse } from 'yaml';
import { renderDiagnostics } from '../../src/diagnostics/render-diagnostic.js';
import { effectiveView, resolvedView } from '../../src/template/effective-view.js';
import { loadTemplates } from '../../src/template/load-templates.js';
import { parseTemplate } from '../../src/template/parse-template.js';
import { renderView } from '../../src/report/view-yaml.js';
import { createFsWorkspace } from '../../src/workspace/fs-workspace.js';
import { createRepository, type Repository } from '../repository.js';
import { typeAt, typeIn } from './terminal.js';

const BASE = `base: debian-12
version: 3.0.0
env: {EDITOR: vi, PAGER: less}
tags: {team: tools}
architectures: [x86_64, arm64]
software: {packages: [git, jq]}
provision:
  - script: scripts/base.sh
    inputs: [scripts/lib/**]
validate:
  script: tests/base.sh
  checks:
    - {name: git, run: git --version, contains: "2."}
`;
const CHILD = `extends: ../base.yaml
# The comment is no value.
env: {PAGER: more}
software:
  packages: [jq, make]
  pip_packages: ["numpy==1.26.4"]
provision:
  - name: greet
    run: |
      echo hello
validate:
  checks: [{run: make --version}]
`;

let repository: Repository;
beforeAll(() => {
  repository = createRepository({
    'templates/base.yaml': BASE,
    'templates/apps/child.yaml': CHILD,
    'templates/apps/alone.yaml': 'extends: child\nvalidate: {inherit: false}\n',
    'templates/scripts/base.sh': '#!/bin/sh\necho base\n',
    'templates/scripts/lib/one': '1',
    'templates/tests/base.sh': 'git --version\n',
  });
  execFileSync('git', ['init', '--quiet'], { cwd: repository.root });
});
afterAll(() => {
  repository.remove();
});

const show = (...words: readonly string[]) => typeIn(repository.root, 'show', ...words);

describe('show', () => {
  test('prints a layer and its ancestors as one template, with the place of every value', async () => {
    const { status, out, err } = await show('child');
    expect([status, err]).toEqual([0, '']);
    expect(out).toBe(`# debian-12 → base → child
name: child # templates/apps/child.yaml:1
base: debian-12 # templates/base.yaml:1
architectures:
  - x86_64 # templates/base.yaml:5
  - arm64 # templates/base.yaml:5
env:
  EDITOR: vi # templates/base.yaml:3
  PAGER: more # templates/apps/child.yaml:3
software:
  packages:
    - git # templates/base.yaml:6
    - jq # templates/base.yaml:6
    - make # templates/apps/child.yaml:5
  pip_packages:
    - numpy==1.26.4 # templates/apps/child.yaml:6
provision:
  - script: /templates/scripts/base.sh # templates/base.yaml:8
    inputs:
      - /templates/scripts/lib/** # templates/base.yaml:9
  - name: greet # templates/apps/child.yaml:8
    run: | # templates/apps/child.yaml:9
      echo hello
validate:
  checks:
    - name: templates/tests/base.sh # templates/base.yaml:11
      run: | # templates/base.yaml:11
        git --version
    - name: git # templates/base.yaml:13
      run: git --version # templates/base.yaml:13
      contains: "2." # templates/base.yaml:13
    - run: make --version # templates/apps/child.yaml:12`);
  });

  test('takes a template file for a layer, from the folder one is in', async () => {
    const byPath = await typeIn(`${repository.root}/templates`, 'show', 'apps/child.yaml');
    expect(byPath).toEqual(await show('child'));
  });

  test('leaves the checks of ancestors out where they do not run', async () => {
    const { out } = await show('alone');
    expect(parse(out)).toMatchObject({ env: { PAGER: 'more' }, validate: { inherit: false } });
    expect(out).not.toContain('git --version');
  });

  test('--resolved fills in scripts, files and defaults', async () => {
    const { out } = await show('child', '--resolved');
    expect(parse(out)).toMatchObject({
      provision: [
        { name: 'base.sh', run: '#!/bin/sh\necho base\n', inputs: ['/templates/scripts/lib/one'] },
        { name: 'greet', run: 'echo hello\n' },
      ],
      builder: { timeout_minutes: 480 },
    });
    expect(out).toContain('spot: false # default\n');
    expect(out).toContain('run: | # templates/base.yaml:8\n');
  });

  test('--json has the template and the places by path', async () => {
    const { out } = await show('child', '--json');
    expect(JSON.parse(out)).toMatchObject({
      lineage: ['base', 'child'],
      template: { software: { packages: ['git', 'jq', 'make'] } },
      origins: { 'software.packages[2]': 'templates/apps/child.yaml:5:18', 'env.EDITOR': 'templates/base.yaml:3:15' },
    });
  });

  test('--script prints what runs on the builder, of this layer only', async () => {
    const { out } = await show('base', '--script', '--architecture', 'arm64');
    expect(out).toMatch(/^# base \(arm64\), /);
    expect(out).toContain("\nexport EDITOR='vi' PAGER='less'\n");
    expect(out).toMatch(/# step 1\/2: install packages\n# templates\/base\.yaml:6:1, by bash -euo pipefail\n/);
    expect(out).toMatch(/# step 2\/2: base\.sh\n# templates\/base\.yaml:8:5, by \/bin\/sh\n#!\/bin\/sh\necho base$/);
    const { out: json } = await show('child', '--script', '--json');
    expect(JSON.parse(json)).toMatchObject({
      layer: 'child',
      architecture: 'x86_64',
      steps: [
        { name: 'install packages' },
        { name: 'install pip packages' },
        { name: 'greet', script: 'echo hello\n', at: 'templates/apps/child.yaml:8:5' },
      ],
    });
  });

  test('says which layer was meant, and which architectures there are', async () => {
    expect(await show('childd')).toEqual({
      status: 1,
      out: '',
      err: 'error: no layer is called "childd" (unknown-layer)\nFix: did you mean "child"?\n\n1 problem',
    });
    const { status, err } = await typeIn('.', 'show', 'analyzer', '--script', '--architecture', 'arm64');
    expect([status, err]).toEqual([1, expect.stringContaining('"analyzer" is built for x86_64 only')]);
  });
});

describe('an effective view', () => {
  const { layers } = loadTemplates({ workspace: createFsWorkspace('.'), templates: ['templates'] });
  const lineageOf = (path: string): typeof layers => {
    const layer = layers.find(({ templatePath }) => templatePath === path)!;
    return [...(layer.parent.kind === 'file' ? lineageOf(layer.parent.path) : []), layer];
  };

  test.each(layers.map(({ templatePath }) => templatePath))('of %s is a template itself', (path) => {
    for (const view of [effectiveView(lineageOf(path)), resolvedView(lineageOf(path))]) {
      const { diagnostics } = parseTemplate({ path, text: renderView(view) });
      expect(renderDiagnostics(diagnostics)).toBe('');
    }
  });
});

describe('text that acts on a terminal', () => {
  const STEP = 'echo \u001b[31m \u202e \u009b';
  let hostile: Repository;
  beforeAll(() => {
    hostile = createRepository({
      'templates/a.yaml': `base: debian-12\nprovision:\n  - run: ${JSON.stringify(STEP)}\n    inputs: [x*]\n`,
      'templates/x\u0001\u001b\n\u202ey': '1',
    });
    execFileSync('git', ['init', '--quiet'], { cwd: hostile.root });
  });
  afterAll(() => {
    hostile.remove();
  });
  // eslint-disable-next-line no-control-regex -- control characters are what must not be there
  const ACTS = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e]/;

  test('--resolved names files with control characters in them, and YAML still means them', async () => {
    const { status, out } = await typeIn(hostile.root, 'show', 'a', '--resolved');
    expect(status).toBe(0);
    expect(ACTS.exec(out)).toBeNull();
    expect(parse(out)).toMatchObject({ provision: [{ run: STEP, inputs: ['/templates/x\u0001\u001b\n\u202ey'] }] });
  });

  test.each([
    ['show', 'a'],
    ['show', 'a', '--resolved', '--json'],
    ['show', 'a', '--script'],
    ['show', 'a', '--script', '--json'],
    ['export', 'a', '--format', 'packer'],
    ['export', 'a', '--format', 'user-data'],
    ['explain', 'a'],
    ['plan', '--offline'],
  ])('does not reach one: %s %s %s %s', async (...words) => {
    const { status, out, err } = await typeAt({ isTTY: true }, hostile.root, words);
    expect(status).toBe(0);
    expect(ACTS.exec(out + err)).toBeNull();
  });

  test('scripts are as they are for a program that takes them', async () => {
    const { out } = await typeIn(hostile.root, 'show', 'a', '--script');
    expect(out).toContain(STEP);
  });
});
