import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { readFileSync, rmSync } from 'node:fs';
import { createCloud } from '../../src/aws/create-cloud.js';
import type { ImageRecord } from '../../src/images/image-record.js';
import type { Files } from '../repository.js';
import { seedSnippet } from '../template/seed-snippets.js';
import { changes } from './journal.js';
import { outcomes, outputOf } from './outcomes.js';
import { openRig, type Rig } from './rig.js';
import { makeSpackOverlay } from './stand-in-spack.js';

const FAMILY = ['foundation', 'gromacs', 'namd'];
const GROMACS = { templateFiles: ['templates/hpc/gromacs.yaml'] };

let overlay: string;
let rig: Rig;
beforeAll(async () => {
  overlay = makeSpackOverlay();
  rig = await openRig({ baseOverlays: [overlay] });
});
afterAll(async () => {
  await rig.close();
  rmSync(overlay, { recursive: true });
});

/** The templates and checks as they are written, without a Region from anywhere else. */
function seedFiles(): Files {
  const paths = FAMILY.flatMap((name) => [`templates/hpc/${name}.yaml`, `templates/hpc/tests/${name}.sh`]);
  return Object.fromEntries(paths.map((path) => [path, readFileSync(path, 'utf8')]));
}

async function newestImage(layer: string): Promise<ImageRecord | undefined> {
  const images = await createCloud('us-west-2', {}).listImages();
  return images.filter((image) => image.layer === layer).sort((a, b) => (a.created < b.created ? 1 : -1))[0];
}

test('the HPC family: a chain is built once, shared by its children, rebuilt on request, and replaced by --base-ami', async () => {
  const project = rig.project(seedFiles());
  const args = ['--instance-profile', 'builder', '--poll-interval', '0.05', '--json'];

  const gromacs = await project.cli('build', '-t', 'templates/hpc/gromacs.yaml', ...args);
  const { result, layers } = JSON.parse(gromacs.stdout) as {
    result: string;
    layers: { layer: string; region: string; parent: string | null; outcome: { kind: string; imageId: string } }[];
  };
  expect([gromacs.status, result]).toEqual([0, 'success']);
  expect(layers.map(({ layer, region, parent, outcome }) => [layer, region, parent, outcome.kind])).toEqual([
    ['foundation', 'us-west-2', null, 'built'],
    ['gromacs', 'us-west-2', 'foundation', 'built'],
  ]);
  expect(changes(gromacs.calls)).toMatchObject({ RunInstances: 4, CreateImage: 2 });
  const foundation = layers[0]?.outcome.imageId ?? '';
  expect(await newestImage('gromacs')).toMatchObject({ baseAmi: foundation, parentLayer: 'foundation' });

  const namd = await project.build({
    selection: { templateFiles: ['templates/hpc/namd.yaml'] },
    defaultRegion: undefined,
  });
  expect(outcomes(namd.report)).toEqual({ foundation: 'reused', namd: 'built' });
  expect(changes(namd.calls)).toMatchObject({ RunInstances: 2, CreateImage: 1 });
  expect(await newestImage('namd')).toMatchObject({ baseAmi: foundation, parentLayer: 'foundation' });
  expect(outputOf(namd, 'namd')).toBe(`Using /usr/local/bin/spack
earlier: spack compiler find --scope site
earlier: spack find --format {name}@{version}/{hash:7} gcc@11.3.0
earlier: spack install --fail-fast --yes-to-all gcc@11.3.0
earlier: spack config --scope site rm packages:all:prefer
earlier: spack config --scope site add packages:all:prefer:["%c=gcc@11.3.0"]
earlier: spack config --scope site add packages:all:prefer:["%cxx=gcc@11.3.0"]
earlier: spack config --scope site add packages:all:prefer:["%fortran=gcc@11.3.0"]
earlier: spack find --format {name}@{version}/{hash:7} openmpi@4.1.4
earlier: spack install --fail-fast --yes-to-all openmpi@4.1.4
earlier: spack find --format {name}@{version}/{hash:7} python@3.10
earlier: spack install --fail-fast --yes-to-all python@3.10
earlier: spack find --format {name}@{version}/{hash:7} cmake@3.26.0
earlier: spack install --fail-fast --yes-to-all cmake@3.26.0
earlier: spack find --json
earlier: spack find --format spack {name} {version} {architecture}
Installing namd@2.14 with Spack
`);

  const rebuilt = await project.build({ selection: GROMACS, defaultRegion: undefined, rebuild: 'ancestors' });
  expect(outcomes(rebuilt.report)).toEqual({ foundation: 'built', gromacs: 'built' });
  expect(changes(rebuilt.calls)).toMatchObject({ RunInstances: 4, CreateImage: 2 });
  const second = await newestImage('foundation');
  expect(second?.name).toMatch(/^foundation-x86_64-[0-9a-f]{12}-r2$/);
  expect(await newestImage('gromacs')).toMatchObject({ baseAmi: second?.imageId });

  const onBase = ['--base-ami', foundation, '--name', 'my-gromacs', '--region', 'us-west-2'];
  const alone = await project.cli('build', '-t', 'templates/hpc/gromacs.yaml', ...onBase, ...args);
  expect(alone.status).toBe(0);
  expect(changes(alone.calls)).toMatchObject({ RunInstances: 2, CreateImage: 1 });
  const named = await newestImage('gromacs');
  expect(named).toMatchObject({ baseAmi: foundation, parentLayer: undefined });
  expect(named?.tags).toMatchObject({ Name: 'my-gromacs' });
});

test('the snippets of the seeds as they are written: GROMACS without MPI is another layer on the same foundation', async () => {
  const project = rig.project({
    'templates/foundation.yaml': seedSnippet('000-line-362-foundation'),
    'templates/gromacs.yaml': seedSnippet('000-line-144-gromacs'),
  });
  const { report } = await project.build({ defaultRegion: undefined });
  // Its image is the shipped template's; its checks are not.
  expect(outcomes(report)).toEqual({ foundation: 'reused and validated', gromacs: 'built' });
});
