import { expect, test } from '@jest/globals';
import type { ImageRecord } from '../../src/images/image-record.js';
import { groupBy } from '../../src/lib/group-by.js';
import { makePlan } from '../../src/plan/make-plan.js';
import { remainingPaths } from '../../src/plan/remaining-paths.js';
import { computeHashes } from '../../src/plan/template-hash.js';
import { layerOf } from '../../src/plan/variant.js';
import { image } from '../images.js';
import { graphOf } from '../repository.js';

const graph = graphOf({
  'templates/root.yaml': 'base: al2023\n',
  'templates/left.yaml': 'extends: root\n',
  'templates/leaf.yaml': 'extends: left\n',
  'templates/right.yaml': 'extends: root\n',
  'templates/alone.yaml': 'base: al2023\n',
});
const hashes = computeHashes(graph);

function paths(earlier: readonly ImageRecord[], have: readonly ImageRecord[] = []): Readonly<Record<string, number>> {
  const { items } = makePlan({
    graph,
    hashes,
    targets: new Set(graph.order),
    affected: new Map(),
    images: groupBy(have, ({ templateHash }) => templateHash),
    rebuild: new Set(),
    reuse: 'any',
    defaultRegion: 'us-west-2',
  });
  return Object.fromEntries([...remainingPaths(items, earlier)].map(([key, path]) => [layerOf(key), path]));
}

function took(layer: string, buildSeconds: number): ImageRecord {
  return image({ layer, templateHash: 'an older one', buildSeconds });
}

test('without earlier images a path is as long as it has layers', () => {
  expect(paths([])).toEqual({ root: 3, left: 2, leaf: 1, right: 1, alone: 1 });
});

test('earlier images say how long their layers take; others are taken for the usual', () => {
  const earlier = [took('root', 100), took('right', 900), took('alone', 300)];
  // left and leaf: 300 each, the one in the middle of three.
  expect(paths(earlier)).toEqual({ root: 1000, left: 600, leaf: 300, right: 900, alone: 300 });
});

test('what is reused or only validated takes no time, and what only validates waits for nobody', () => {
  const have = (layer: string, parts: Partial<ImageRecord> = {}): ImageRecord =>
    image({ layer, ...hashes.get(`${layer}/x86_64`)!, ...parts });
  expect(paths([], [have('root'), have('left', { buildState: 'built' }), have('right')])).toEqual({
    root: 0,
    left: 1,
    leaf: 1,
    right: 0,
    alone: 1,
  });
});
