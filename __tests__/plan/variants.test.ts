import { describe, expect, test } from '@jest/globals';
import { placesOf } from '../../src/build/places.js';
import { nodeOf } from '../../src/graph/walk.js';
import { architectureOfType } from '../../src/template/instance-type.js';
import type { Architecture } from '../../src/template/layer.js';
import { graphOf, link } from '../repository.js';

const PLACEMENT = {
  instanceProfile: undefined,
  subnetIds: [],
  securityGroupIds: [],
  instanceType: undefined,
  spot: 'auto',
} as const;

function types(
  template: string,
  role: 'builder' | 'test' = 'builder',
  instanceType?: string,
): Readonly<Record<string, readonly string[]>> {
  const node = nodeOf(graphOf({ 'templates/a.yaml': template }), 'a');
  const of = (architecture: Architecture) =>
    placesOf({ node, architecture }, role, { ...PLACEMENT, instanceType }).map((place) => place.instanceType);
  return Object.fromEntries(node.architectures.map((architecture) => [architecture, of(architecture)]));
}

const problems = (template: string) => link({ 'templates/a.yaml': template }).diagnostics.map(({ message }) => message);
const BOTH = 'architectures: [x86_64, arm64]\n';

test.each([
  [
    'arm64',
    'a1.large t4g.micro m7g.large c7gn.large c6gd.metal g5g.xlarge im4gn.large is4gen.large r8gb.large hpc7g.4xlarge p6e-gb200.36xlarge',
  ],
  [
    'x86_64',
    'm7i.large m7i-flex.large g6.xlarge g4dn.xlarge gr6.4xlarge p5en.48xlarge u-6tb1.metal x2iedn.large hpc6a.48xlarge p6-b200.48xlarge u7i-12tb.224xlarge',
  ],
])('names of instance types say %s', (architecture, names) => {
  expect(names.split(' ').filter((name) => architectureOfType(name) !== architecture)).toEqual([]);
});

describe('each variant is built and tested on types of its architecture', () => {
  test('from the layer’s own list, in its order', () => {
    expect(types(`${BOTH}builder: {instance_types: [c7i.large, c7g.large, m7i.large]}\n`)).toEqual({
      x86_64: ['c7i.large', 'm7i.large'],
      arm64: ['c7g.large'],
    });
  });

  test('from the usual ones, with a GPU where the layer needs it', () => {
    expect(types(`${BOTH}gpu: true\n`)).toEqual({
      x86_64: ['g6.xlarge', 'g5.xlarge', 'g4dn.xlarge'],
      arm64: ['g5g.xlarge'],
    });
  });

  test('on another type for the checks, where that fits', () => {
    const template = `${BOTH}builder: {instance_types: [c7i.large, c7g.large]}\nvalidate: {instance_type: t4g.small}\n`;
    expect(types(template, 'test')).toEqual({ x86_64: ['c7i.large'], arm64: ['t4g.small'] });
    expect(types(template, 'builder')).toEqual({ x86_64: ['c7i.large'], arm64: ['c7g.large'] });
  });

  test('on the type the run asks for, where that fits', () => {
    expect(types(BOTH, 'builder', 'c6i.large')).toEqual({ x86_64: ['c6i.large'], arm64: ['m7g.large', 'm6g.large'] });
  });
});

test('types that cannot do it are diagnostics', () => {
  expect(problems(`${BOTH}builder: {instance_types: [c7i.large]}\n`)).toEqual([
    '"a" is built for arm64, but none of its builder\'s types is (c7i.large)',
  ]);
  expect(problems('gpu: true\nbuilder: {instance_types: [c7i.large]}\n')).toEqual([
    '"a" needs a GPU, but its builder\'s types for x86_64 have none (c7i.large)',
  ]);
  expect(problems('validate: {instance_type: t4g.small}\n')).toEqual([
    '"a" is tested on t4g.small, which is arm64, but built for x86_64',
  ]);
});
