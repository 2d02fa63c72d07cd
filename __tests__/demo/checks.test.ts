import { describe, expect, test } from '@jest/globals';
import { checkScenario, type Evidence } from '../../demo/checks.js';
import type { Cloud, CloudImage } from '../../demo/cloud.js';
import type { Expected } from '../../demo/scenarios.js';
import type { StepResult } from '../../sandbox/github/run-step.js';

const image = (imageId: string, layer: string, rest: Partial<CloudImage> = {}): CloudImage => ({
  imageId,
  layer,
  state: 'validated',
  latest: false,
  parentLayer: undefined,
  launchedFrom: 'ami-machine',
  deltaBytes: 1,
  fullBytes: 2,
  ...rest,
});

const root = image('ami-root', 'root', { latest: true });
const child = image('ami-child', 'child', { parentLayer: 'root', launchedFrom: 'ami-root' });
const before: Cloud = { images: [root], instances: [], calls: new Map([['RunInstances', 2]]), leftovers: [] };
const after: Cloud = {
  images: [root, child],
  instances: [],
  calls: new Map([
    ['RunInstances', 4],
    ['CreateImage', 1],
  ]),
  leftovers: [],
};

const post: StepResult = {
  conclusion: 'success',
  exitCode: 0,
  signals: [],
  outputs: {},
  summary: '',
  annotations: [],
  log: [],
  durationMs: 1,
  state: {},
  exported: {},
  path: [],
};
const outputs = {
  result: 'success',
  built: '["child"]',
  reused: '["root"]',
  failed: '[]',
  blocked: '[]',
  amis: '{"root":"ami-root","child":"ami-child"}',
};
const { failed: _, ...withoutFailed } = outputs;
const action = { ...post, outputs, post };

const expected: Expected = {
  exitCode: 0,
  result: 'success',
  layers: { built: ['child'], reused: ['root'], failed: [], blocked: [] },
  instances: 2,
  images: 1,
  latest: 'as before',
  comment: ['1 built'],
  annotated: [],
};
const evidence: Evidence = { action, before, after, comments: ['1 built, 1 reused'], commentWrites: [], spilt: [] };

const missed = (wanted: Partial<Expected>, found: Partial<Evidence>) =>
  checkScenario({ ...expected, ...wanted }, { ...evidence, ...found }).flatMap(({ text, instead }) =>
    instead === undefined ? [] : [`${text}: ${instead}`],
  );

describe('the checks of a scenario', () => {
  test('all come true when everything is as told', () => {
    expect(missed({}, {})).toEqual([]);
  });

  test.each<[string, Partial<Evidence>, string[]]>([
    ['an exit status', { action: { ...action, exitCode: 1 } }, ['exit status 0: 1']],
    ['an output', { action: { ...action, outputs: { ...outputs, built: '[]' } } }, ['output built: child: []']],
    [
      'an output that is not set',
      { action: { ...action, outputs: withoutFailed } },
      ['output failed: none: undefined'],
    ],
    [
      'an AMI of another layer',
      { action: { ...action, outputs: { ...outputs, amis: '{"root":"ami-child","child":"ami-child"}' } } },
      ["output amis: a validated image of child, root: [ 'child', 'root: ami-child' ]"],
    ],
    ['instances', { before: { ...before, calls: new Map() } }, ['2 instances were launched: 4']],
    [
      'a parent',
      { after: { ...after, images: [root, { ...child, launchedFrom: 'ami-machine' }] } },
      ["every builder started from the image of its parent: [ 'child from ami-machine' ]"],
    ],
    [
      'latest',
      { after: { ...after, images: [root, { ...child, latest: true }] } },
      ["latest is as it was: [ 'child ami-child', 'root ami-root' ]"],
    ],
    ['a comment', { comments: ['nothing'] }, ['it says "1 built": []']],
    ['a second comment', { comments: ['1 built', ''] }, ['the pull request has one comment: 2']],
    ['post', { action: { ...action, post: undefined } }, ['the post step ended well: undefined']],
    [
      'leftovers',
      { after: { ...after, leftovers: ['i-1 running'] } },
      ["nothing is left running or half made: [ 'i-1 running' ]"],
    ],
    ['files on the machine', { spilt: ['/x'] }, ["nothing that the steps wrote is on this machine itself: [ '/x' ]"]],
  ])('see %s that is not as told', (_, found, misses) => {
    expect(missed({}, found)).toEqual(misses);
  });

  test('see an image that is neither validated nor rejected', () => {
    const images = [root, { ...child, state: 'built' }];
    expect(missed({}, { after: { ...after, images } })).toEqual([
      "output amis: a validated image of child, root: [ 'child: ami-child', 'root' ]",
      "every image built is validated: [ 'child: built' ]",
    ]);
    const failing = { layers: { built: [], reused: ['root'], failed: ['child'], blocked: [] } };
    expect(missed(failing, { after: { ...after, images } })).toContain(
      "the new image of child is rejected: [ 'child: built' ]",
    );
  });

  test('see a comment that should not be there', () => {
    expect(missed({ comment: undefined }, { commentWrites: ['POST /x 201'] })).toEqual([
      "no comment is written: [ 'POST /x 201' ]",
    ]);
  });
});
