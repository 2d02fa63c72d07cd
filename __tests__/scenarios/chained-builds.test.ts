import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { createCloud } from '../../src/aws/create-cloud.js';
import { TAG_PREFIX } from '../../src/images/tags.js';
import { layerOf } from '../../src/plan/variant.js';
import type { Files } from '../repository.js';
import { callsOf, changes } from './journal.js';
import { imageOf, outcomes, outputOf } from './outcomes.js';
import { makeLatch } from './latch.js';
import { openRig, REGION, type Rig, type Run } from './rig.js';

let rig: Rig;
beforeAll(async () => {
  rig = await openRig();
});
afterAll(() => rig.close());
beforeEach(() => rig.sandbox.control.reset());

const CHAIN: Files = {
  'templates/base.yaml': `
provision: [{run: 'echo base >/opt/base; touch /root/.bash_history /tmp/left'}]
users: [{name: alice, uid: 5001}]
validate: {checks: [{name: there, run: cat /opt/base, equals: base}]}
`,
  'templates/child.yaml': 'extends: base.yaml\nprovision: [{run: echo child >/opt/child}]\n',
  'templates/grandchild.yaml': 'extends: child.yaml\nprovision: [{run: cat /opt/base /opt/child >/opt/both}]\n',
};

test('only the first of several children goes on; what needs another builder is launched', async () => {
  const project = rig.project({
    ...CHAIN,
    'templates/other.yaml': 'extends: base.yaml\n',
    'templates/large.yaml': 'extends: base.yaml\nbuilder: {volume_gb: 50}\n',
  });
  const { report, calls } = await project.build({ chain: true });
  expect(Object.values(outcomes(report))).toEqual(Array(5).fill('built'));
  expect(changes(calls)).toMatchObject({ RunInstances: 1 + 2 + 5, StartInstances: 2, CreateImage: 5 });
});

test('a child whose parent is rejected is blocked, and never validated', async () => {
  const check = await makeLatch();
  const project = rig.project({
    'templates/base.yaml': `validate: {checks: [{name: never, run: ${check.wait}; false}]}\n`,
    'templates/child.yaml': 'extends: base.yaml\nprovision: [{run: sandbox-sleep 600}]\n',
  });
  const { report, calls } = await project.build({
    chain: true,
    onEvent: (event) => {
      if (event.kind === 'step-started' && layerOf(event.key) === 'child') check.open();
    },
  });
  check.close();
  expect(outcomes(report)).toEqual({
    base: expect.stringMatching(/^failed: check 2\/2 "never"/),
    child: 'blocked by base',
  });
  expect(changes(calls)).toMatchObject({ RunInstances: 2, StartInstances: 1 });
});

test('a run that ends while a child is at work on its parent’s builder leaves both to the next run', async () => {
  const step = await makeLatch();
  const project = rig.project({
    ...CHAIN,
    'templates/child.yaml': `extends: base.yaml\nprovision: [{run: ${step.wait}; echo child >/opt/child}]\n`,
  });
  const cancel = new AbortController();
  const left = await project.buildAndLeave({
    chain: true,
    onCancel: 'keep',
    signal: cancel.signal,
    onEvent: (event) => {
      if (event.kind === 'step-started' && layerOf(event.key) === 'child') cancel.abort();
    },
  });
  expect(outcomes(left.report)).toMatchObject({ child: 'cancelled', grandchild: 'cancelled' });
  const { report, calls } = await project.build({ chain: true, onEvent: step.open });
  step.close();
  expect(outcomes(report)).toMatchObject({ child: 'built', grandchild: 'built' });
  const roles = callsOf(calls, 'RunInstances').map(({ parameters }) => roleOf(parameters));
  expect(roles).not.toContain('builder');
});

function roleOf(parameters: unknown): string | undefined {
  const { TagSpecifications = [] } = parameters as {
    TagSpecifications?: readonly { readonly Tags: readonly { readonly Key: string; readonly Value: string }[] }[];
  };
  return TagSpecifications[0]?.Tags.find(({ Key }) => Key === `${TAG_PREFIX}role`)?.Value;
}

/** The files that steps and the seal have to do with: names, modes, owners and contents; but for what any first boot makes anew. */
const LIST_FILES = `exec >/opt/files
places='/etc /opt /home /var/log /var/spool /var/lib/cloud /var/lib/systemd /tmp'
find $places /root -maxdepth 6 -xdev '(' -path /root/. -prune -o -printf '%y %m %u:%g %p %l\\n' ')' 2>/dev/null | grep -v ' /root/[^ ]*/' >/tmp/names || true
find $places -maxdepth 6 -xdev -type f ! -path /opt/files -print0 2>/dev/null | xargs -0 sha256sum >>/tmp/names
grep -vE ' (/etc/(machine-id|hostname|hosts|resolv.conf|ssh/ssh_host_.*)|/tmp/.*|/opt/files|/var/lib/cloud/instance.*|/var/lib/systemd/random-seed)( |$)' /tmp/names | sort
exec >&2
sha256sum </opt/files
grep -c . /opt/files`;

/** Builds the chain and, on a builder of the last image, lists its files. */
async function buildChain(chain: boolean): Promise<{ readonly built: Run; readonly listing: string }> {
  await rig.sandbox.control.reset();
  const project = rig.project(CHAIN);
  const built = await project.build({ chain });
  project.repository.write({
    'templates/list.yaml': `extends: grandchild.yaml\nprovision:\n  - run: |\n${LIST_FILES.replace(/^/gm, '      ')}\n`,
  });
  const listed = await project.build({ selection: { layers: ['list'] } });
  expect(outcomes(listed.report)).toMatchObject({ grandchild: 'reused', list: 'built' });
  return { built, listing: outputOf(listed, 'list') };
}

test('a chain is built on one builder; every image has its true lineage, and the files that it has when it is made on a new one', async () => {
  const alone = await buildChain(false);
  expect(changes(alone.built.calls).StartInstances).toBeUndefined();

  const { built, listing } = await buildChain(true);
  expect(outcomes(built.report)).toEqual({ base: 'built', child: 'built', grandchild: 'built' });
  expect(changes(built.calls)).toMatchObject({ RunInstances: 4, StartInstances: 2, CreateImage: 3 });
  const images = new Map((await createCloud(REGION, {}).listImages()).map((image) => [image.layer, image]));
  expect(images.get('child')).toMatchObject({ baseAmi: imageOf(built.report, 'base'), parentLayer: 'base' });
  expect(images.get('grandchild')).toMatchObject({ baseAmi: imageOf(built.report, 'child'), parentLayer: 'child' });

  expect(listing).toMatch(/^[0-9a-f]{64} {2}-\n\d{3,}\n$/);
  expect(listing).toBe(alone.listing);
});
