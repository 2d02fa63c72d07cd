import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { ImageRecord } from '../../src/images/image-record.js';
import { count } from './journal.js';
import { imageOf } from './outcomes.js';
import { SCOPE } from '../policies/role.js';
import { openRig, REGION, type Project, type Rig } from './rig.js';

let rig: Rig;
let project: Project;
let images: Readonly<Record<string, string>>;
beforeAll(async () => {
  rig = await openRig();
  project = rig.project({
    'templates/base-tools.yaml': 'version: 1.2.0\nprovision: [{run: echo tools}]\n',
    'templates/editor.yaml': 'provision: [{run: echo editor}]\n',
  });
  const { report } = await project.build({ selection: { layers: ['base-tools'] }, promote: true });
  const editor = await project.build({ selection: { layers: ['editor'] } });
  images = { 'base-tools': imageOf(report, 'base-tools'), editor: imageOf(editor.report, 'editor') };
});
afterAll(() => rig.close());

async function listed(...args: readonly string[]): Promise<readonly (readonly [string, string])[]> {
  const { status, stdout, stderr } = await project.cli('list', '--json', '--region', REGION, ...args);
  expect([status, stderr]).toEqual([0, '']);
  return (JSON.parse(stdout) as ImageRecord[]).map(({ layer, imageId }) => [layer, imageId]);
}

test('list --json prints every image with what its tags say, in one request', async () => {
  const { status, stdout, stderr, calls } = await project.cli('list', '--json', '--region', REGION);
  expect([status, stderr, count(calls)]).toEqual([0, '', { DescribeImages: 1 }]);
  const all = JSON.parse(stdout) as ImageRecord[];
  expect(all).toEqual([
    {
      imageId: images['base-tools'],
      name: expect.stringMatching(/^base-tools-1\.2\.0-x86_64-[0-9a-f]{12}$/),
      region: REGION,
      availability: 'available',
      state: 'available',
      snapshots: [expect.stringMatching(/^snap-[0-9a-f]{17}$/)],
      architecture: 'x86_64',
      layer: 'base-tools',
      version: '1.2.0',
      templateHash: expect.stringMatching(/^[0-9a-f]{64}$/),
      validationHash: expect.stringMatching(/^[0-9a-f]{64}$/),
      buildState: 'validated',
      latest: true,
      baseAmi: expect.stringMatching(/^ami-[0-9a-f]{17}$/),
      buildSeconds: expect.any(Number),
      created: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
      runId: 'scenario',
      scope: SCOPE,
      trust: 'main',
      tags: expect.objectContaining({ Name: 'base-tools', 'ami-layers:reason': expect.stringContaining('no image') }),
    },
    expect.objectContaining({ imageId: images.editor, layer: 'editor', latest: false, buildState: 'validated' }),
  ]);
});

test('list narrows by layer and to the latest images', async () => {
  expect(await listed('--layer', 'edi*')).toEqual([['editor', images.editor]]);
  expect(await listed('--latest')).toEqual([['base-tools', images['base-tools']]]);
  expect(await listed('--layer', 'nothing')).toEqual([]);
});

test('plan says what is there and creates nothing', async () => {
  const { status, stdout, calls } = await project.cli(
    'plan',
    '--json',
    '--region',
    REGION,
    '--rebuild',
    '--layer',
    'editor',
  );
  // What there is, how long it took before, and what it costs.
  expect([status, count(calls)]).toEqual([0, { DescribeImages: 2, GetProducts: 1 }]);
  expect(JSON.parse(stdout)).toMatchObject({
    result: 'success',
    cost: { pricesIn: REGION },
    layers: [{ layer: 'editor', action: 'build', image: null, reasons: [{ kind: 'rebuild-requested' }] }],
  });
});

test('explain --image says which inputs have changed since the image was made', async () => {
  const asked = ['--region', REGION, '--image', images.editor!];
  const same = await project.cli('explain', 'editor', ...asked);
  expect([same.status, count(same.calls)]).toEqual([0, { DescribeImages: 1 }]);
  expect(same.stdout).toContain(`editor/x86_64 has the hash of ${images.editor}: `);
  const other = await project.cli('explain', 'base-tools', ...asked);
  expect([other.status, other.stderr]).toEqual([1, expect.stringContaining('is an image of "editor"')]);
  project.repository.write({ 'templates/editor.yaml': 'env: {A: b}\nprovision: [{run: echo editor, name: other}]\n' });
  const changed = await project.cli('explain', 'editor', ...asked);
  project.repository.write({ 'templates/editor.yaml': 'provision: [{run: echo editor}]\n' });
  expect(changed.stdout).toContain(`Changed since ${images.editor}: env\n`);
});

test('what AWS refuses is told with a fix, and the exit status is 1', async () => {
  const message = 'AWS was not able to validate the provided access credentials';
  const fault = {
    kind: 'error',
    operation: 'DescribeImages',
    call: 'every',
    code: 'AuthFailure',
    message,
    status: 401,
  };
  await rig.sandbox.control.addFault({ ...fault, kind: 'error', call: 'every' });
  const { status, stdout, stderr } = await project.cli('list', '--region', REGION);
  await rig.sandbox.control.clearFaults();
  expect({ status, stdout, stderr }).toEqual({
    status: 1,
    stdout: '',
    stderr:
      `error: DescribeImages: ${message} (AuthFailure)\n` +
      'Fix: check the credentials: they are wrong, or the Region is not enabled for the account.\n',
  });
});
