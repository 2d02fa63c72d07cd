import { PutParameterCommand } from '@aws-sdk/client-ssm';
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { createClients } from '../../src/aws/clients.js';
import { createCloud } from '../../src/aws/create-cloud.js';
import type { ImageRecord } from '../../src/images/image-record.js';
import { imageOf, outcomes } from './outcomes.js';
import { openRig, REGION, type Asked, type Project, type Rig } from './rig.js';

let rig: Rig;
beforeAll(async () => {
  rig = await openRig();
});
afterAll(() => rig.close());
beforeEach(() => rig.sandbox.control.reset());

/** A push to the default branch that takes nothing from pull requests. */
const TRUSTED: Asked = { runId: 'main', reuse: 'trusted', promote: true };
const PULL_REQUEST: Asked = { runId: 'pull-request', as: { trust: 'pr' } };

const layer = (command: string) => ({ 'templates/golden.yaml': `provision: [{name: only, run: '${command}'}]\n` });
const on = (base: string) =>
  rig.project({ 'templates/tool.yaml': `base: ${base}\nprovision: [{name: only, run: "true"}]\n` });
const BY_NAME = '{owner: self, name: "golden-*"}';

async function golden(project: Project, command: string, asked: Asked): Promise<string> {
  project.repository.write(layer(command));
  return imageOf((await project.build(asked)).report, 'golden');
}

async function made(imageId: string): Promise<ImageRecord | undefined> {
  return (await createCloud(REGION, {}).listImages()).find((one) => one.imageId === imageId);
}

test('an image that a pull request gives the name of a base is not what is found by that name', async () => {
  const project = rig.project(layer('true'));
  const good = await golden(project, 'true', TRUSTED);
  const planted = await golden(project, 'echo evil >/opt/evil', PULL_REQUEST);
  const { report } = await on(BY_NAME).build(TRUSTED);
  expect(await made(imageOf(report, 'tool'))).toMatchObject({ trust: 'main', baseAmi: good });

  const any = await on(BY_NAME).build({ ...TRUSTED, reuse: 'any', rebuild: 'selected' });
  expect(await made(imageOf(any.report, 'tool'))).toMatchObject({ trust: 'pr', baseAmi: planted });
});

test('an image that has not passed its checks is not found by its name', async () => {
  const project = rig.project(layer('true'));
  const good = await golden(project, 'true', TRUSTED);
  project.repository.write({
    'templates/golden.yaml': 'provision: [{run: "true; true"}]\nvalidate: {checks: [{name: is, run: "false"}]}\n',
  });
  expect(outcomes((await project.build(TRUSTED)).report).golden).toContain('failed: check 2/2 "is"');
  const { report } = await on(BY_NAME).build();
  expect(await made(imageOf(report, 'tool'))).toMatchObject({ baseAmi: good });
});

test('where only trusted work is reused, a pull request’s image is no base, by its id or by a parameter', async () => {
  const planted = await golden(rig.project(layer('true')), 'true', PULL_REQUEST);
  await createClients(REGION, {}).ssm.send(
    new PutParameterCommand({ Name: '/golden/current', Type: 'String', Value: planted }),
  );
  for (const base of [planted, 'ssm:/golden/current']) {
    const refused = await on(base).build({ ...TRUSTED, isAlone: false });
    expect(outcomes(refused.report).tool).toContain(`the base "${base}" is ${planted}, which ami-layers did not make`);
    const { report } = await on(base).build({ isAlone: false, reuse: 'any', rebuild: 'selected' });
    expect(await made(imageOf(report, 'tool'))).toMatchObject({ trust: 'pr', baseAmi: planted });
  }
});
