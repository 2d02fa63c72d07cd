import { Spec, Validation } from '@cyclonedx/cyclonedx-library';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Manifest } from '../../src/images/manifest.js';
import { renderSbom } from '../../src/report/sbom.js';
import { count } from './journal.js';
import { imageOf } from './outcomes.js';
import { openRig, REGION, type Project, type Rig } from './rig.js';

const PACKAGES = '/usr/local/lib/python3/dist-packages';
/** Packages with versions so long, and so random, that the manifest does not fit into one answer of Systems Manager. */
const LONG = `for number in {1..30}; do
  mkdir -p ${PACKAGES}/long$number.dist-info
  version=$(head -c 750 /dev/urandom | base64 -w 0)
  printf 'Name: long%s\\nVersion: %s\\n' $number $version >${PACKAGES}/long$number.dist-info/METADATA
done`;

let rig: Rig;
let project: Project;
let cache: string;
let images: { readonly root: string; readonly child: string };
beforeAll(async () => {
  cache = mkdtempSync(join(tmpdir(), 'manifests-'));
  process.env.XDG_CACHE_HOME = cache;
  rig = await openRig();
  project = rig.project({
    'templates/root.yaml': `version: 1.0.0\nprovision:\n  - run: |\n${LONG.replace(/^/gm, '      ')}\n`,
    'templates/child.yaml': `extends: root\nprovision:\n  - run: |
      mkdir ${PACKAGES}/extra.dist-info
      printf 'Name: extra\\nVersion: 1.2\\n' >${PACKAGES}/extra.dist-info/METADATA\n`,
  });
  const { report } = await project.build();
  images = { root: imageOf(report, 'root'), child: imageOf(report, 'child') };
});
afterAll(async () => {
  delete process.env.XDG_CACHE_HOME;
  rmSync(cache, { recursive: true });
  await rig.close();
});

const asked = ['--region', REGION, '--instance-profile', 'builder', '--poll-interval', '0.1'];

test('diff launches an instance of each image, ends it, and says what differs', async () => {
  const { status, stdout, calls } = await project.cli('diff', images.root, images.child, ...asked);
  expect([status, stdout]).toEqual([0, '+ pip extra 1.2\n\n1 package: 1 added, 0 removed, 0 changed\n']);
  expect(count(calls)).toMatchObject({ RunInstances: 2, TerminateInstances: 2 });
});

test('manifest prints it, and what was read once is not read again', async () => {
  const { status, stdout, calls } = await project.cli('manifest', images.child, ...asked);
  expect([status, calls]).toEqual([0, []]);
  const { layers, packages } = JSON.parse(stdout) as Manifest;
  expect(layers).toMatchObject([{ name: 'root', version: '1.0.0', base: 'al2023' }, { name: 'child' }]);
  expect(packages.filter(({ name, version }) => name.startsWith('long') && version.length === 1000)).toHaveLength(30);
  const file = join(project.repository.root, 'child.json');
  writeFileSync(file, stdout);
  expect((await project.cli('diff', 'child.json', images.child)).stdout).toBe('Both have the same packages.\n');
});

test('sbom is CycloneDX 1.6 by its schema', async () => {
  const { status, stdout } = await project.cli('sbom', images.child, ...asked);
  expect(status).toBe(0);
  const validator = new Validation.JsonStrictValidator(Spec.Version.v1dot6);
  expect(await validator.validate(stdout)).toBeNull();
  expect(await validator.validate(stdout.replace('"library"', '"nothing"'))).not.toBeNull();
  expect(JSON.parse(stdout)).toMatchObject({
    metadata: { component: { name: 'child' } },
    components: expect.arrayContaining([expect.objectContaining({ purl: 'pkg:pypi/extra@1.2' })]),
  });
  const rpm = { type: 'rpm', name: 'openssl', version: '1:3.0.8-1', architecture: 'x86_64' };
  const spack = { type: 'spack', name: 'gromacs', version: '2023.1' };
  const system = { id: 'rhel', version: '9.4' };
  const text = renderSbom({ format: 1, system, layers: [], packages: [rpm, spack] }, { tool: '1.0.0', subject: 'x' });
  expect(text).toContain('"pkg:rpm/redhat/openssl@3.0.8-1?arch=x86_64&distro=rhel-9.4&epoch=1"');
  expect(text).toContain('"pkg:generic/spack/gromacs@2023.1"');
  expect(await validator.validate(text)).toBeNull();
});

test('an image that is not there, and a file that is none, are told with a fix', async () => {
  const unknown = await project.cli('manifest', 'ami-00000000000000000', ...asked);
  expect([unknown.status, unknown.stderr]).toEqual([1, expect.stringContaining('made no image ami-00000000000000000')]);
  const none = await project.cli('diff', 'nothing.json', images.child);
  expect([none.status, none.stderr]).toEqual([1, expect.stringContaining('"nothing.json" is no image id and no file')]);
  const template = await project.cli('sbom', 'templates/root.yaml');
  expect([template.status, template.stderr]).toEqual([1, expect.stringContaining('is no manifest of ami-layers')]);
});
