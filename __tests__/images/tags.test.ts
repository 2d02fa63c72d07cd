import { describe, expect, test } from '@jest/globals';
import { imageRecord } from '../report/example-report.js';
import {
  imageTags,
  instanceTags,
  manifestPlaceOf,
  readImage,
  readInstance,
  rootOf,
  storedOf,
  storedTags,
  verdictTags,
} from '../../src/images/tags.js';

const run = {
  id: '77',
  number: 7,
  attempt: 2,
  token: 'b6f1',
  url: 'https://github.com/o/r/actions/runs/77',
  repository: 'o/r',
  commit: 'a1b2c3',
  ref: 'refs/pull/4/merge',
  pullRequest: 4,
  trust: 'pr',
} as const;

const described = imageTags({
  run,
  layer: 'gromacs',
  version: '2.1.0',
  architecture: 'x86_64',
  templateHash: 'abc',
  validationHash: 'def',
  inputs: 'base=0a1b2c steps=3d4e5f',
  templatePath: 'templates/gromacs.yaml',
  dataMounts: ['genomes:/data', 'scratch:/scratch'],
  parentLayer: 'foundation',
  baseAmi: 'ami-parent',
  root: { imageId: 'ami-vendor', reference: 'al2023' },
  depth: 1,
  reason: 'templates/gromacs.yaml changed; `odd` | characters, "here"',
  buildSeconds: 61,
  buildCostUsd: 0.00523,
  created: '2026-11-21T00:00:00.000Z',
  displayName: 'my-gromacs',
  userTags: { team: 'hpc', Name: 'not this' },
});

const image = {
  imageId: 'ami-1',
  name: 'gromacs-x86_64-abc',
  region: 'us-west-2',
  state: 'available',
  stateReason: undefined,
  creationDate: '2026-11-21T00:00:01.000Z',
  snapshots: ['snap-1'],
  tags: described,
};

describe('tags', () => {
  test('of an image hold everything a later run needs, in values that EC2 takes', () => {
    expect(described).toEqual({
      team: 'hpc',
      Name: 'my-gromacs',
      'ami-layers:managed': 'true',
      'ami-layers:format': '1',
      'ami-layers:layer': 'gromacs',
      'ami-layers:version': '2.1.0',
      'ami-layers:template-hash': 'abc',
      'ami-layers:validation-hash': 'def',
      'ami-layers:inputs': 'base=0a1b2c steps=3d4e5f',
      'ami-layers:architecture': 'x86_64',
      'ami-layers:parent-layer': 'foundation',
      'ami-layers:base-ami': 'ami-parent',
      'ami-layers:root-ami': 'ami-vendor',
      'ami-layers:root-base': 'al2023',
      'ami-layers:depth': '1',
      'ami-layers:state': 'building',
      'ami-layers:reason': 'templates/gromacs.yaml changed_ _odd_ _ characters_ _here_',
      'ami-layers:template-path': 'templates/gromacs.yaml',
      'ami-layers:data-mounts': 'genomes:/data scratch:/scratch',
      'ami-layers:build-seconds': '61',
      'ami-layers:build-cost-usd': '0.005230',
      'ami-layers:created': '2026-11-21T00:00:00.000Z',
      'ami-layers:run-id': '77',
      'ami-layers:run-attempt': '2',
      'ami-layers:run-token': 'b6f1',
      'ami-layers:commit': 'a1b2c3',
      'ami-layers:ref': 'refs/pull/4/merge',
      'ami-layers:pull-request': '4',
      'ami-layers:repository': 'o/r',
      'ami-layers:scope': 'o/r',
      'ami-layers:trust': 'pr',
    });
  });

  test('are read back into the record they were made from', () => {
    const told = { commandId: '0b5f0a3e-1111-4222-8333-123456789abc', instanceId: 'i-0123456789abcdef0' };
    const read = readImage({
      ...image,
      tags: { ...described, ...verdictTags('validated', 'def', told), 'ami-layers:latest': 'true' },
    });
    expect(read).toMatchObject({
      imageId: 'ami-1',
      layer: 'gromacs',
      version: '2.1.0',
      templateHash: 'abc',
      validationHash: 'def',
      buildState: 'validated',
      availability: 'available',
      latest: true,
      parentLayer: 'foundation',
      buildSeconds: 61,
      runId: '77',
    });
    if (read === undefined) throw new Error('not read');
    expect(manifestPlaceOf(read)).toEqual(told);
    expect(rootOf(read)).toEqual({ imageId: 'ami-vendor', reference: 'al2023' });
  });

  test.each([
    ['somebody else made', { Name: 'golden' }],
    ['a newer format describes', { ...described, 'ami-layers:format': '2' }],
    ['whose state is unknown', { ...described, 'ami-layers:state': 'half' }],
    [
      'whose hash is missing',
      Object.fromEntries(Object.entries(described).filter(([key]) => !key.endsWith('template-hash'))),
    ],
  ])('an image that %s is not read', (_, tags) => {
    expect(readImage({ ...image, tags })).toBeUndefined();
  });

  test.each([
    ['pending', 'pending'],
    ['failed', 'failed'],
    ['error', 'failed'],
    ['deregistered', 'failed'],
    ['disabled', 'failed'],
  ])('EC2 state %s counts as %s', (state, availability) => {
    expect(readImage({ ...image, state })?.availability).toBe(availability);
  });

  describe('of an instance', () => {
    const tags = instanceTags({
      run,
      layer: 'gromacs',
      templateHash: 'abc',
      architecture: 'x86_64',
      role: 'builder',
      baseAmi: 'ami-parent',
      now: Date.parse('2026-11-21T00:00:00.000Z'),
      expiresAt: Date.parse('2026-11-21T08:00:00.000Z'),
      userTags: {},
    });
    const instance = {
      instanceId: 'i-1',
      region: 'us-west-2',
      imageId: 'ami-parent',
      instanceType: 'm7i.large',
      market: 'on-demand',
      state: 'running',
      stateReason: undefined,
      launchedAt: 5,
      tags,
    } as const;

    test('are read back into the record they were made from', () => {
      expect(readInstance(instance)).toEqual({
        instanceId: 'i-1',
        region: 'us-west-2',
        imageId: 'ami-parent',
        instanceType: 'm7i.large',
        market: 'on-demand',
        state: 'running',
        stateReason: undefined,
        launchedAt: 5,
        role: 'builder',
        layer: 'gromacs',
        templateHash: 'abc',
        runId: '77',
        runAttempt: 2,
        runToken: 'b6f1',
        heartbeatAt: Date.parse('2026-11-21T00:00:00.000Z'),
        expiresAt: Date.parse('2026-11-21T08:00:00.000Z'),
      });
    });

    test.each([
      ['it has none', {}],
      ['its are not of this tool', { ...tags, 'ami-layers:managed': 'yes' }],
      ['a newer format describes it', { ...tags, 'ami-layers:format': '2' }],
      ['its role is unknown', { ...tags, 'ami-layers:role': 'pet' }],
    ])('are not read when %s', (_, others) => {
      expect(readInstance({ ...instance, tags: others })).toBeUndefined();
    });

    test('may not say when it expires', () => {
      expect(
        readInstance({ ...instance, tags: { ...tags, 'ami-layers:expires': 'never' } })?.expiresAt,
      ).toBeUndefined();
    });
  });

  test('of an instance say whose it is and when it may go', () => {
    const tags = instanceTags({
      run,
      layer: 'gromacs',
      templateHash: 'abc',
      architecture: 'x86_64',
      role: 'builder',
      baseAmi: 'ami-parent',
      now: Date.parse('2026-11-21T00:00:00.000Z'),
      expiresAt: Date.parse('2026-11-21T08:00:00.000Z'),
      userTags: { team: 'hpc' },
    });
    expect(tags).toMatchObject({
      Name: 'ami-layers builder gromacs',
      team: 'hpc',
      'ami-layers:role': 'builder',
      'ami-layers:run-token': 'b6f1',
      'ami-layers:expires': '2026-11-21T08:00:00.000Z',
    });
  });
});

test.each([
  { bytes: 3_670_016, isExact: true },
  { bytes: 0, isExact: false },
])('what an image is stored as is read as it was written: %p', (stored) => {
  expect(storedOf({ ...imageRecord('base'), tags: storedTags(stored) })).toEqual(stored);
});

test.each(['', 'much', '-1', '3 at most'])('a size %p is none', (text) => {
  expect(storedOf({ ...imageRecord('base'), tags: { 'ami-layers:stored-bytes': text } })).toBeUndefined();
});
