import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createCloud } from '../../src/aws/create-cloud.js';
import { compareWithLatest } from '../../src/commands/compare-with-latest.js';
import type { Manifest } from '../../src/images/manifest.js';
import { systemClock, type Clock } from '../../src/lib/clock.js';
import { count } from './journal.js';
import { imageOf } from './outcomes.js';
import { openRig, REGION, type Rig } from './rig.js';

let rig: Rig;
let cache: string;
beforeAll(async () => {
  cache = mkdtempSync(join(tmpdir(), 'manifests-'));
  process.env.XDG_CACHE_HOME = cache;
  rig = await openRig();
  // How much an image adds is known once the operating system under all images was measured.
  await rig.sandbox.control.storage();
});
afterAll(async () => {
  delete process.env.XDG_CACHE_HOME;
  rmSync(cache, { recursive: true });
  await rig.close();
});

/** What is worth seconds of waiting is worth minutes here: the machine may be busy with other tests. */
const patient: Clock = {
  ...systemClock,
  sleep: (ms, signal) => systemClock.sleep(ms < 1_000 ? ms : 30 * ms, signal),
};

/** A layer with these Python packages, as far as the manifest looks. */
function template(packages: Readonly<Record<string, string>>): string {
  const folder = '/usr/local/lib/python3/dist-packages';
  const install = Object.entries(packages).map(
    ([name, version]) => `      mkdir -p ${folder}/${name}.dist-info
      printf 'Name: ${name}\\nVersion: ${version}\\n' >${folder}/${name}.dist-info/METADATA`,
  );
  return `provision:\n  - run: |\n${install.join('\n')}\n`;
}

test('a new image is compared with the latest by what their test instances told, and nothing is launched for it', async () => {
  const project = rig.project({ 'templates/tools.yaml': template({ old: '1', moved: '1', same: '1' }) });
  const first = await project.build({ promote: true, clock: patient });
  expect(first.report.differences?.size).toBe(0);
  expect(count(first.calls)).not.toHaveProperty('GetCommandInvocation');

  project.repository.write({ 'templates/tools.yaml': template({ moved: '2', same: '1', new: '1' }) });
  const second = await project.build({ clock: patient });
  const difference = {
    against: imageOf(first.report, 'tools'),
    bytes: expect.any(Number),
    packages: [
      { type: 'pip', name: 'moved', before: ['1'], after: ['2'] },
      { type: 'pip', name: 'new', before: [], after: ['1'] },
      { type: 'pip', name: 'old', before: ['1'], after: [] },
    ],
  };
  expect(second.report.differences?.get('tools/x86_64')).toEqual(difference);
  expect(count(second.calls)).toMatchObject({ GetCommandInvocation: 2, RunInstances: 2 });

  // As the last job of a run whose other jobs have built.
  const last = await project.build({ promote: true, clock: patient });
  expect(last.report.differences?.get('tools/x86_64')).toEqual(difference);
  expect(count(last.calls)).toMatchObject({ GetCommandInvocation: 2 });
  expect(count(last.calls)).not.toHaveProperty('RunInstances');

  const asked = ['manifest', imageOf(second.report, 'tools'), '--region', REGION] as const;
  const { stdout, calls } = await project.cli(...asked);
  expect((JSON.parse(stdout) as Manifest).packages).toContainEqual({ type: 'pip', name: 'new', version: '1' });
  expect(count(calls)).toEqual({ DescribeImages: 1, GetCommandInvocation: 1 });

  const SIZE = ['against', 'bytes'];
  // Again, when all of it cannot be had.
  const { run, plan, results } = second.report;
  const images = await createCloud(REGION, {}).listImages();
  const latest = images.filter(({ imageId }) => imageId === difference.against);
  const compare = async (clock = patient) => {
    const differences = await compareWithLatest(
      { run, items: plan.items, results, latest },
      { clock, cloudIn: (region) => createCloud(region, {}), signal: new AbortController().signal },
    );
    return [...differences.values()].map((one) => Object.keys(one).sort());
  };
  expect(await compare()).toEqual([[...SIZE, 'packages']]);
  expect(await compare({ ...systemClock, sleep: () => Promise.resolve() })).toEqual([]);
  const refused = { code: 'AccessDeniedException', message: 'no', status: 400 };
  await rig.sandbox.control.addFault({ kind: 'error', operation: 'GetCommandInvocation', call: 'every', ...refused });
  expect(await compare()).toEqual([SIZE]);
  await rig.sandbox.control.clearFaults();
  expect(await compare({ ...patient, now: () => Date.now() + 31 * 24 * 60 * 60_000 })).toEqual([
    [...SIZE, 'uncompared'],
  ]);
});
