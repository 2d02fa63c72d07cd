import { DescribeTagsCommand } from '@aws-sdk/client-ec2';
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { createCloud } from '../../src/aws/create-cloud.js';
import type { ImageRecord } from '../../src/images/image-record.js';
import { callsOf, changes } from './journal.js';
import { decisions, failureOf, imageOf, outcomes } from './outcomes.js';
import { openRig, REGION, type Rig, type Run } from './rig.js';

let rig: Rig;
beforeAll(async () => {
  rig = await openRig();
});
afterAll(() => rig.close());
beforeEach(() => rig.sandbox.control.reset());

async function images(): Promise<readonly ImageRecord[]> {
  const found = await createCloud(REGION, {}).listImages();
  return [...found].sort((a, b) => (a.created < b.created ? -1 : 1));
}

/** Image, whether it is the latest, and what its checks said; the oldest image first. */
async function states(): Promise<readonly (readonly [string, string, string])[]> {
  return (await images()).map(({ imageId, buildState, latest }) => [imageId, buildState, latest ? 'latest' : '']);
}

async function snapshotStates(imageId: string): Promise<readonly string[]> {
  const snapshots = (await images()).find((image) => image.imageId === imageId)?.snapshots ?? [];
  const filters = [
    { Name: 'resource-id', Values: [...snapshots] },
    { Name: 'key', Values: ['ami-layers:state'] },
  ];
  const { Tags = [] } = await rig.ec2.send(new DescribeTagsCommand({ Filters: filters }));
  return Tags.map(({ Value = '' }) => Value);
}

/** Images that instances were launched from. */
function launchedFrom({ calls }: Run): readonly string[] {
  return callsOf(calls, 'RunInstances').map(({ parameters }) => (parameters as { ImageId: string }).ImageId);
}

test('a rejected image is kept, never latest, never a parent; a mended check accepts it', async () => {
  const root = (content: string, expected: string): string => `
provision: [{run: echo ${content} >/opt/content}]
validate:
  checks:
    - {name: there, run: cat /opt/content}
    - {name: content, run: cat /opt/content, equals: ${expected}}
`;
  const project = rig.project({
    'templates/root.yaml': root('one', 'one'),
    'templates/child.yaml': 'extends: root\nprovision: [{run: cat /opt/content}]\nvalidate: {inherit: false}\n',
  });
  const onlyRoot = { selection: { layers: ['root'] }, promote: true };
  const good = imageOf((await project.build(onlyRoot)).report, 'root');
  expect(await states()).toEqual([[good, 'validated', 'latest']]);
  const [snapshotId = ''] = (await images())[0]?.snapshots ?? [];
  const asked = [snapshotId, 'snap-0123456789abcdef0'];
  expect(await createCloud(REGION, {}).snapshotProgress(asked)).toEqual(new Map([[snapshotId, 100]]));

  project.repository.write({ 'templates/root.yaml': root('two', 'one') });
  const bad = await project.build({ promote: true });
  expect(outcomes(bad.report)).toEqual({
    root: 'failed: check 3/3 "content": its output is not "one"',
    child: 'blocked by root',
  });
  expect(failureOf(bad.report, 'root')).toEqual({
    phase: 'validate',
    message: 'check 3/3 "content": its output is not "one"',
    fix: 'mend the layer or the check; the image is kept, tagged rejected, and is never used as a parent.',
    step: { name: 'content', index: 3, count: 3, exitCode: 0, line: 6 },
    logTail: ['two'],
  });
  expect(bad.report.promoted).toEqual([]);
  const rejected = imageOf(bad.report, 'root');
  expect(await states()).toEqual([
    [good, 'validated', 'latest'],
    [rejected, 'rejected', ''],
  ]);
  expect(await snapshotStates(rejected)).toEqual(['rejected']);

  const unchanged = await project.build({ promote: true });
  expect(decisions(unchanged.report)).toEqual({ root: 'build: image-rejected', child: 'build: no-image' });
  const again = imageOf(unchanged.report, 'root');
  const [, first, second] = await images();
  expect([second?.imageId, second?.name]).toEqual([again, `${first?.name ?? ''}-r2`]);

  project.repository.write({ 'templates/root.yaml': root('two', 'two') });
  const mended = await project.build({ promote: true });
  expect(outcomes(mended.report)).toEqual({ root: 'reused and validated', child: 'built' });
  expect(launchedFrom(mended)).toEqual([again, again, imageOf(mended.report, 'child')]);
  expect(changes(mended.calls)).toMatchObject({ RunInstances: 3, CreateImage: 1 });
  expect(await states()).toEqual([
    [good, 'validated', ''],
    [rejected, 'rejected', ''],
    [again, 'validated', 'latest'],
    [imageOf(mended.report, 'child'), 'validated', 'latest'],
  ]);
  expect(await snapshotStates(again)).toEqual(['validated']);
});

test("ancestors' checks run for a child too, unless it says otherwise", async () => {
  const child = (validate: string): string => `extends: root\nprovision: [{run: rm /opt/promise}]\n${validate}`;
  const project = rig.project({
    'templates/root.yaml': `
provision: [{run: touch /opt/promise}]
validate:
  script: kept.sh
`,
    'templates/kept.sh': '#!/bin/sh\nls /opt/promise || { echo "the promise is broken"; exit 7; }\n',
    'templates/heir.yaml': child(''),
    'templates/rebel.yaml': child('validate: {inherit: false, checks: [{run: test ! -e /opt/promise}]}\n'),
  });
  const { report } = await project.build();
  expect(outcomes(report)).toEqual({
    root: 'built',
    heir: 'failed: check 2/2 "templates/kept.sh": exited 7',
    rebel: 'built',
  });
  expect(failureOf(report, 'heir')).toMatchObject({
    step: { name: 'templates/kept.sh', index: 2, count: 2, exitCode: 7, line: 4 },
    logTail: [expect.stringContaining('/opt/promise'), 'the promise is broken'],
  });
});

test('checks find their inputs beside them, an ancestor’s in the folder of its own template; a change of one tests again', async () => {
  const files = {
    'templates/below/tool.yaml': `
provision: [{run: 'mkdir /opt/words; echo one >/opt/words/one'}]
validate:
  inputs: [expected/**, ../lib/compare]
  script: check.sh
  checks: [{run: 'sh ../lib/compare expected/one.txt /opt/words/one'}]
`,
    'templates/below/check.sh': '#!/bin/sh\ncmp expected/one.txt /opt/words/one\n',
    'templates/below/expected/one.txt': 'one\n',
    'templates/lib/compare': '#!/bin/sh\ncmp "$1" "$2"\n',
    'templates/child.yaml':
      'extends: tool\nvalidate: {inputs: [own.txt], checks: [{run: cat own.txt, equals: mine}]}\n',
    'templates/own.txt': 'mine\n',
  };
  const project = rig.project(files);
  expect(outcomes((await project.build()).report)).toEqual({ tool: 'built', child: 'built' });
  project.repository.write({ 'templates/own.txt': 'changed\n' });
  const again = await project.build();
  expect(outcomes(again.report)).toEqual({
    tool: 'reused',
    child: expect.stringContaining('its output is not "mine"'),
  });
  expect(callsOf(again.calls, 'CreateImage')).toEqual([]);
});
