import { expect, test } from '@jest/globals';
import { makePlan } from '../../src/plan/make-plan.js';
import { recordedSettings } from '../../src/plan/recorded-settings.js';
import { computeHashes } from '../../src/plan/template-hash.js';
import { graphOf } from '../repository.js';

test('what nothing acts on yet is said once for each key, with the layers that ask for it', () => {
  const graph = graphOf({
    'templates/a.yaml': 'regions: [us-west-2, us-east-1]\nshare: {accounts: [123456789012]}\nlifecycle: {keep: 2}\n',
    'templates/b.yaml': 'extends: a\narchitectures: [x86_64]\nshare: {public: true}\nauto: {enabled: true}\n',
    'templates/c.yaml': 'ami_config: {strategy: ami_required}\narchitectures: [x86_64, arm64]\nregions: [us-west-2]\n',
    'templates/d.yaml': 'extends: {ami: ami-0123456789abcdef0, template: https://example.com/d.yaml}\n',
  });
  const plan = makePlan({
    graph,
    hashes: computeHashes(graph),
    targets: new Set(graph.order),
    affected: new Map(),
    images: new Map(),
    rebuild: new Set(),
    reuse: 'any',
    defaultRegion: 'us-west-2',
  });
  const said = (key: string, who: string) =>
    `${key} (${who}) is accepted and recorded, but this version does not act on it`;
  expect(recordedSettings(plan)).toEqual([
    'https://example.com/d.yaml (d) is not read: nothing says what it has to be; put #sha256= and its digest behind it',
    said('`regions` after the first', 'a'),
    said('`share`', 'a, b'),
    said('`lifecycle`', 'a'),
    said('`auto`', 'b'),
    said('`ami_config`', 'c'),
  ]);
});
