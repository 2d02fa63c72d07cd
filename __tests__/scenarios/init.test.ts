import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { openRig, REGION, type Project, type Rig } from './rig.js';

const QUICKLY = ['--poll-interval', '0.1', '--instance-profile', 'builder'];
const FILES = ['templates/base.yaml', 'templates/tests/base.sh', '.github/workflows/ami-layers.yml'];

let rig: Rig;
let project: Project;
beforeAll(async () => {
  rig = await openRig();
  project = rig.project({});
  execFileSync('git', ['init', '--quiet'], { cwd: project.repository.root });
});
afterAll(() => rig.close());

const textOf = (path: string) => readFileSync(join(project.repository.root, path), 'utf8');

test('init writes a first layer that plans and builds as it is', async () => {
  const { status, stdout } = await project.cli('init');
  expect([status, stdout]).toEqual([0, expect.stringContaining(FILES.map((path) => `Wrote ${path}\n`).join(''))]);
  expect(stdout).toContain('\n  ami-layers plan --offline ');
  expect(statSync(join(project.repository.root, 'templates/tests/base.sh')).mode & 0o111).toBe(0o111);

  const planned = await project.cli('plan', '--offline');
  expect([planned.status, planned.stdout]).toEqual([0, expect.stringContaining('1 planned')]);
  const built = await project.cli('build', '--json', '--region', REGION, ...QUICKLY);
  expect(JSON.parse(built.stdout)).toMatchObject({
    result: 'success',
    layers: [{ layer: 'base', outcome: { kind: 'built' } }],
  });
  expect((await project.cli('fmt', '--check')).status).toBe(0);
});

test('its workflow runs the action as the example does', () => {
  interface Workflow {
    readonly on: unknown;
    readonly permissions: unknown;
    readonly jobs: { readonly images: { readonly permissions: unknown; readonly steps: readonly unknown[] } };
  }
  const written = parse(textOf('.github/workflows/ami-layers.yml')) as Workflow;
  const example = parse(readFileSync('.github/workflows/example.yml', 'utf8')) as Workflow;
  expect(written.permissions).toEqual(example.permissions);
  expect(written.jobs.images.permissions).toEqual(example.jobs.images.permissions);
  expect(written.jobs.images.steps[0]).toMatchObject({
    uses: (example.jobs.images.steps[0] as { readonly uses: string }).uses,
  });
});

test('init overwrites nothing, and names all that is in the way', async () => {
  project.repository.write({ 'templates/base.yaml': 'name: mine\n' });
  const { status, stderr } = await project.cli('init');
  expect(status).toBe(1);
  for (const path of FILES) expect(stderr).toContain(`${path} exists already`);
  expect(textOf('templates/base.yaml')).toBe('name: mine\n');
});
