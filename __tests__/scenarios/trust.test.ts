import { CreateTagsCommand, DescribeTagsCommand } from '@aws-sdk/client-ec2';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { createClients } from '../../src/aws/clients.js';
import { createCloud } from '../../src/aws/create-cloud.js';
import type { BuildEvent } from '../../src/build/events.js';
import type { ImageRecord } from '../../src/images/image-record.js';
import type { InstanceRecord } from '../../src/images/instance-record.js';
import { TAG_PREFIX } from '../../src/images/tags.js';
import { leaveImage } from '../leave-image.js';
import { changes } from './journal.js';
import { makeLatch, type Latch } from './latch.js';
import { decisions, imageOf, outcomes } from './outcomes.js';
import { openRig, REGION, type Asked, type Project, type Rig } from './rig.js';

let rig: Rig;
beforeAll(async () => {
  rig = await openRig();
});
afterAll(() => rig.close());

let second: Latch;
beforeEach(async () => {
  await rig.sandbox.control.reset();
  second = await makeLatch();
});
afterEach(() => second.close());

/** A push to the default branch that takes nothing from pull requests. */
const TRUSTED: Asked = { runId: 'main', reuse: 'trusted', promote: true };
const PULL_REQUEST: Asked = { runId: 'pull-request', as: { trust: 'pr' } };

const cloud = () => createCloud(REGION, {});
const began = (name: string) => (event: BuildEvent) => event.kind === 'step-started' && event.name === name;

function toolProject(): Project {
  return rig.project({
    'templates/tool.yaml': `
provision:
  - {name: first, run: 'echo first >/opt/ran'}
  - {name: second, run: '${second.wait}'}
`,
  });
}

async function latest(): Promise<readonly string[]> {
  return (await cloud().listImages({ latest: true })).map(({ imageId }) => imageId);
}

async function imageRecord(imageId: string): Promise<ImageRecord> {
  const found = (await cloud().listImages()).find((one) => one.imageId === imageId);
  if (found === undefined) throw new Error(`${imageId} is not there`);
  return found;
}

/** Cancels a run that leaves its builder for the next one. */
async function leaveBuilder(project: Project, asked: Asked): Promise<InstanceRecord> {
  const cancel = new AbortController();
  await project.buildAndLeave({
    ...asked,
    onCancel: 'keep',
    signal: cancel.signal,
    onEvent: (event) => {
      if (began('second')(event)) cancel.abort();
    },
  });
  const [left] = await cloud().listInstances();
  if (left === undefined) throw new Error('no builder was left');
  return left;
}

test('a builder that a pull request left is not taken over where only trusted work is reused, nor touched', async () => {
  const project = toolProject();
  const left = await leaveBuilder(project, PULL_REQUEST);
  second.open();
  const { report } = await project.buildAndLeave(TRUSTED);
  expect(outcomes(report)).toEqual({ tool: 'built' });
  expect(await latest()).toEqual([imageOf(report, 'tool')]);
  expect(await imageRecord(imageOf(report, 'tool'))).toMatchObject({ trust: 'main', runId: 'main' });
  const [still] = await cloud().listInstances();
  expect(still).toMatchObject({ instanceId: left.instanceId, state: 'running', runId: 'pull-request', trust: 'pr' });
});

test('where anything is reused it is taken over, and neither it nor its image becomes trusted by that', async () => {
  const project = toolProject();
  const left = await leaveBuilder(project, PULL_REQUEST);
  second.open();
  const { report } = await project.build({ ...TRUSTED, reuse: 'any' });
  expect(outcomes(report)).toEqual({ tool: 'built' });
  const made = await imageRecord(imageOf(report, 'tool'));
  expect(made).toMatchObject({ trust: 'pr', runId: 'main', baseAmi: left.imageId });
  const again = await project.build(TRUSTED);
  expect(decisions(again.report)).toEqual({ tool: 'build: image-not-trusted' });
  expect(await latest()).toEqual([imageOf(again.report, 'tool')]);
});

test('what stands on an image that is not trusted is not trusted either', async () => {
  const project = rig.project({ 'templates/base.yaml': 'base: al2023\n' });
  await project.build(PULL_REQUEST);
  project.repository.write({ 'templates/child.yaml': 'extends: base.yaml\nprovision: [{run: "true"}]\n' });
  const { report } = await project.build({ ...TRUSTED, reuse: 'any' });
  expect(outcomes(report)).toEqual({ base: 'reused', child: 'built' });
  expect(await imageRecord(imageOf(report, 'child'))).toMatchObject({ trust: 'pr' });
  const again = await project.build(TRUSTED);
  expect(outcomes(again.report)).toEqual({ base: 'built', child: 'built' });
  expect(await imageRecord(imageOf(again.report, 'child'))).toMatchObject({
    trust: 'main',
    baseAmi: imageOf(again.report, 'base'),
  });
});

test('a pull request’s run in progress is not followed; each makes an image of its own, and only one is latest', async () => {
  const project = toolProject();
  let hasBegun: () => void = () => undefined;
  const inProgress = new Promise<void>((resolve) => (hasBegun = resolve));
  const theirs = project.buildAndLeave({
    ...PULL_REQUEST,
    isAlone: false,
    onEvent: (event) => {
      if (began('second')(event)) hasBegun();
    },
  });
  await inProgress;
  const own = await project.buildAndLeave({
    ...TRUSTED,
    isAlone: false,
    onEvent: (event) => {
      if (began('second')(event)) second.open();
    },
  });
  expect(own.events.filter(({ kind }) => kind === 'followed')).toEqual([]);
  expect(outcomes(own.report)).toEqual({ tool: 'built' });
  const other = await theirs;
  expect(await latest()).toEqual([imageOf(own.report, 'tool')]);
  expect(imageOf(other.report, 'tool')).not.toBe('');
});

test('an image that a pull request puts in a child’s place while its parent is built is not reused', async () => {
  const project = rig.project({
    'templates/base.yaml': 'base: al2023\nprovision: [{name: only, run: "true"}]\n',
    'templates/child.yaml': 'extends: base.yaml\nprovision: [{name: only, run: "true"}]\n',
  });
  const { report: planned } = await project.plan();
  const child = planned.plan.items.find(({ node }) => node.layer.name === 'child')!;
  let planted: Promise<string> | undefined;
  const { report } = await project.build({
    ...TRUSTED,
    isAlone: false,
    onEvent: ({ kind, key }) => {
      if (kind !== 'step-started' || !key.startsWith('base/')) return;
      planted ??= leaveImage(
        child,
        { run: { ...planned.run, id: 'evil', trust: 'pr' } },
        createClients(REGION, {}).ec2,
      );
    },
  });
  const evil = await planted;
  expect(outcomes(report)).toEqual({ base: 'built', child: 'built' });
  const made = await imageRecord(imageOf(report, 'child'));
  expect(made.imageId).not.toBe(evil);
  expect(made.name).toBe(`${child.imageName}-r2`);
  expect([...(await latest())].sort()).toEqual([imageOf(report, 'base'), imageOf(report, 'child')].sort());
  const next = await project.build(TRUSTED);
  expect(outcomes(next.report)).toEqual({ base: 'reused', child: 'reused' });
  expect(changes(next.calls)).toEqual({});
});

test('names that others have taken are passed over, whatever their images say', async () => {
  const project = rig.project({ 'templates/tool.yaml': 'provision: [{name: only, run: "true"}]\n' });
  const { ec2 } = createClients(REGION, {});
  const item = (await project.plan()).report.plan.items[0]!;
  const run = { ...(await project.plan()).report.run, trust: 'pr' as const };
  await leaveImage({ ...item, templateHash: 'another' }, { run }, ec2);
  await leaveImage({ ...item, imageName: `${item.imageName}-r2` }, { run: { ...run, scope: 'o/other' } }, ec2);
  const { report } = await project.build(TRUSTED);
  expect((await imageRecord(imageOf(report, 'tool'))).name).toBe(`${item.imageName}-r3`);
});

test('two repositories in one account do not see each other', async () => {
  const files = { 'templates/tool.yaml': 'provision: [{name: only, run: "true"}]\n' };
  const ours = rig.project(files);
  const theirs = rig.project(files);
  const first = await ours.build({ ...TRUSTED, as: { scope: 'o/ours' } });
  const other = await theirs.build({ ...TRUSTED, as: { scope: 'o/theirs' } });
  expect(outcomes(other.report)).toEqual({ tool: 'built' });
  expect(await latest()).toEqual(
    expect.arrayContaining([imageOf(first.report, 'tool'), imageOf(other.report, 'tool')]),
  );
  const again = await ours.build({ ...TRUSTED, as: { scope: 'o/ours' } });
  expect(imageOf(again.report, 'tool')).toBe(imageOf(first.report, 'tool'));
  expect(changes(again.calls)).toEqual({});
});

test('an image of a version without scopes is its repository’s', async () => {
  const project = rig.project({ 'templates/tool.yaml': 'provision: [{name: only, run: "true"}]\n' });
  const first = await project.build({ as: { scope: 'o/r' } });
  const imageId = imageOf(first.report, 'tool');
  await cloud().untag([imageId], [`${TAG_PREFIX}scope`]);
  await cloud().tag([imageId], { [`${TAG_PREFIX}repository`]: 'o/r' });
  expect(outcomes((await project.build({ as: { scope: 'o/r' } })).report)).toEqual({ tool: 'reused' });
  expect(decisions((await project.plan({ as: { scope: 'o/fork' } })).report)).toEqual({ tool: 'build: no-image' });
});

test('a pull request that meets a dead builder of the default branch builds its own, and leaves that one alone', async () => {
  const project = toolProject();
  const left = await leaveBuilder(project, { runId: 'main' });
  second.open();
  const { report, calls } = await project.buildAndLeave(PULL_REQUEST);
  expect(outcomes(report)).toEqual({ tool: 'built' });
  expect(JSON.stringify(calls.filter(({ operation }) => !operation.startsWith('Describe')))).not.toContain(
    left.instanceId,
  );
});

test('checks that a pull request changes are run against the default branch’s image, which keeps its own verdict', async () => {
  const project = rig.project({ 'templates/tool.yaml': 'validate: {checks: [{name: is, run: "true"}]}\n' });
  const first = await project.build(TRUSTED);
  const before = await imageRecord(imageOf(first.report, 'tool'));
  project.repository.write({ 'templates/tool.yaml': 'validate: {checks: [{name: is, run: "false"}]}\n' });
  const bad = await project.build(PULL_REQUEST);
  expect(outcomes(bad.report).tool).toContain('failed: check 2/2 "is"');
  expect(await imageRecord(before.imageId)).toEqual(before);
  project.repository.write({ 'templates/tool.yaml': 'validate: {checks: [{name: is, run: "true; true"}]}\n' });
  expect(outcomes((await project.build(PULL_REQUEST)).report)).toEqual({ tool: 'reused and validated' });
  expect(await imageRecord(before.imageId)).toEqual(before);
  expect(outcomes((await project.build(TRUSTED)).report)).toEqual({ tool: 'reused and validated' });
  expect((await imageRecord(before.imageId)).validationHash).not.toBe(before.validationHash);
});

test('an image says what the template of the commit that promotes it says, and nothing that another said', async () => {
  const steps = 'provision: [{name: only, run: "true"}]\n';
  const project = rig.project({
    'templates/tool.yaml': `${steps}version: 1.0.0\ntags: {approved: "yes", team: theirs}\ndata: {s3_mounts: [{bucket: evil, mount_point: /data}]}\n`,
  });
  const made = await project.build(PULL_REQUEST);
  const imageId = imageOf(made.report, 'tool');
  expect((await imageRecord(imageId)).tags).toMatchObject({
    approved: 'yes',
    [`${TAG_PREFIX}data-mounts`]: 'evil:/data',
  });
  project.repository.write({ 'templates/tool.yaml': `${steps}tags: {team: ours}\n` });
  const merged = await project.build({ promote: true });
  expect(imageOf(merged.report, 'tool')).toBe(imageId);
  const { tags, version, snapshots } = await imageRecord(imageId);
  expect(tags).toMatchObject({ team: 'ours' });
  expect(tags).not.toHaveProperty('approved');
  expect(tags).not.toHaveProperty(`${TAG_PREFIX}data-mounts`);
  expect(version).toBeUndefined();
  const { Tags = [] } = await rig.ec2.send(
    new DescribeTagsCommand({ Filters: [{ Name: 'resource-id', Values: [...snapshots] }] }),
  );
  expect(Object.fromEntries(Tags.map(({ Key, Value }) => [Key, Value]))).toMatchObject({ team: 'ours' });
  expect(Tags.map(({ Key }) => Key)).not.toContain('approved');
});

test('an image that stays latest does not go on to mount what a later commit has taken out', async () => {
  const steps = 'provision: [{name: only, run: "true"}]\n';
  const project = rig.project({
    'templates/tool.yaml': `${steps}version: 1.0.0\ntags: {team: theirs}\ndata: {s3_mounts: [{bucket: evil, mount_point: /data}]}\n`,
  });
  const imageId = imageOf((await project.build(TRUSTED)).report, 'tool');
  await cloud().tag([imageId], { keep: 'by hand' });
  project.repository.write({ 'templates/tool.yaml': `${steps}tags: {team: ours}\n` });
  const { report } = await project.build(TRUSTED);
  expect([outcomes(report), report.promoted]).toEqual([{ tool: 'reused' }, []]);
  const { tags, version, latest: isLatest } = await imageRecord(imageId);
  expect(isLatest).toBe(true);
  expect(tags).toMatchObject({ team: 'ours', keep: 'by hand' });
  expect(tags).not.toHaveProperty(`${TAG_PREFIX}data-mounts`);
  expect(version).toBeUndefined();
  expect(changes((await project.build(TRUSTED)).calls)).toEqual({});
});

test('a tag `latest` that somebody put on an image of a pull request is taken away', async () => {
  const project = rig.project({ 'templates/tool.yaml': 'provision: [{name: only, run: "true"}]\n' });
  const theirs = imageOf((await project.build(PULL_REQUEST)).report, 'tool');
  await rig.ec2.send(
    new CreateTagsCommand({ Resources: [theirs], Tags: [{ Key: `${TAG_PREFIX}latest`, Value: 'true' }] }),
  );
  const { report } = await project.build(TRUSTED);
  expect(await latest()).toEqual([imageOf(report, 'tool')]);
  expect(imageOf(report, 'tool')).not.toBe(theirs);
});

test('a file that is swapped after the plan was made does not get to a builder', async () => {
  const project = rig.project({
    'templates/tool.yaml': 'files: [{source: motd, destination: /etc/motd}]\nprovision: [{name: only, run: "true"}]\n',
    'templates/motd': 'reviewed\n',
  });
  const { report } = await project.build({
    ...TRUSTED,
    onEvent: (event) => {
      if (event.kind === 'phase' && event.phase === 'launch')
        project.repository.write({ 'templates/motd': 'swapped\n' });
    },
  });
  expect(outcomes(report).tool).toContain('templates/motd is another file since the templates were read');
  expect(await cloud().listImages()).toEqual([]);
});
