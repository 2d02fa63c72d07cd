import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { JournalEntry } from '../../sandbox/journal.js';
import { createCloud } from '../../src/aws/create-cloud.js';
import { LATEST_TAG } from '../../src/images/tags.js';
import { resultOf } from '../../src/report/result.js';
import { count } from './journal.js';
import { imageOf, outcomes } from './outcomes.js';
import { openRig, REGION, type Rig, type Run } from './rig.js';

let rig: Rig;
beforeAll(async () => {
  rig = await openRig();
});
afterAll(() => rig.close());

async function latest(): Promise<readonly string[]> {
  return (await createCloud(REGION, {}).listImages({ latest: true })).map(({ imageId }) => imageId);
}

/** The calls that moved `latest`, in order, with the images they moved it to or away from. */
function moves({ calls }: Run): readonly (readonly [string, readonly string[]])[] {
  return calls
    .filter(({ parameters }) => namesLatest(parameters))
    .map(({ operation, parameters }) => [operation, (parameters as { Resources: string[] }).Resources]);
}

function namesLatest(parameters: JournalEntry['parameters']): boolean {
  return ((parameters as { Tags?: { Key: string }[] }).Tags ?? []).some(({ Key }) => Key === LATEST_TAG);
}

test('latest moves to the new image without a moment in which there is none', async () => {
  const template = (word: string): string => `provision: [{run: echo ${word}}]\n`;
  const project = rig.project({ 'templates/tool.yaml': template('one') });

  const unpromoted = await project.build();
  const first = imageOf(unpromoted.report, 'tool');
  expect(unpromoted.report.promoted).toEqual([]);
  expect(await latest()).toEqual([]);

  const promoted = await project.build({ promote: true, runId: 'after the merge' });
  expect(outcomes(promoted.report)).toEqual({ tool: 'reused' });
  expect(promoted.report.promoted).toEqual(['tool/x86_64']);
  expect(moves(promoted)).toEqual([['CreateTags', [first]]]);
  expect(count(promoted.calls)).toEqual({ DescribeImages: 4, DescribeInstances: 1, CreateTags: 1 });

  project.repository.write({ 'templates/tool.yaml': template('two') });
  const next = await project.build({ promote: true });
  const second = imageOf(next.report, 'tool');
  expect(next.report.promoted).toEqual(['tool/x86_64']);
  expect(moves(next)).toEqual([
    ['CreateTags', [second]],
    ['DeleteTags', [first]],
  ]);
  expect(await latest()).toEqual([second]);

  const again = await project.build({ promote: true });
  expect([again.report.promoted, resultOf(again.report)]).toEqual([[], 'nothing-to-do']);
  expect(count(again.calls)).toEqual({ DescribeImages: 3, DescribeInstances: 1 });

  project.repository.write({ 'templates/tool.yaml': template('one') });
  await rig.sandbox.control.addFault({
    kind: 'error',
    operation: 'CreateTags',
    call: 1,
    code: 'UnauthorizedOperation',
    message: 'You are not authorized to perform this operation.',
    status: 403,
  });
  const refused = await project.build({ promote: true });
  expect(outcomes(refused.report)).toEqual({ tool: 'reused' });
  expect(refused.report.promoted).toEqual([]);
  expect(refused.report.warnings).toEqual([
    'latest was not moved in us-west-2: CreateTags: You are not authorized to perform this operation. (UnauthorizedOperation). ' +
      'Fix: give the role the permission that the message names (docs/permissions.md lists all of them).',
  ]);
  expect(await latest()).toEqual([second]);
});
