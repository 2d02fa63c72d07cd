import { describe, expect, test } from '@jest/globals';
import type { LayerGraph } from '../../src/graph/layer-graph.js';
import type { ImageRecord } from '../../src/images/image-record.js';
import { groupBy } from '../../src/lib/group-by.js';
import { findAffected } from '../../src/plan/affected.js';
import { makePlan, type PlanInput } from '../../src/plan/make-plan.js';
import { computeHashes } from '../../src/plan/template-hash.js';
import { graphOf } from '../repository.js';
import { image } from '../images.js';

const graph = graphOf({
  'templates/root.yaml': 'base: al2023\n',
  'templates/left.yaml': 'extends: root\n',
  'templates/right.yaml': 'extends: root\n',
  'templates/leaf.yaml': 'extends: left\nversion: 1.2.0\n',
});
const hashes = computeHashes(graph);

/** `layer: action (reason kinds)`, in plan order. */
function planned(parts: Partial<PlanInput> & { readonly have?: readonly ImageRecord[] }): readonly string[] {
  const plan = makePlan({
    graph,
    hashes,
    targets: new Set(graph.order),
    affected: new Map(),
    images: groupBy(parts.have ?? [], (have) => have.templateHash),
    rebuild: new Set(),
    reuse: 'any',
    defaultRegion: 'us-west-2',
    ...parts,
  });
  return plan.items.map(
    ({ key, action, reasons }) => `${key}: ${action.kind} (${reasons.map((reason) => reason.kind).join(', ')})`,
  );
}

function have(layer: string, parts: Partial<ImageRecord> = {}): ImageRecord {
  const known = hashes.get(`${layer}/x86_64`);
  if (known === undefined) throw new Error(layer);
  return image({ layer, ...known, ...parts });
}

describe('makePlan', () => {
  test('builds everything when there is nothing, parents first', () => {
    expect(planned({})).toEqual([
      'root/x86_64: build (no-image)',
      'left/x86_64: build (no-image)',
      'leaf/x86_64: build (no-image)',
      'right/x86_64: build (no-image)',
    ]);
  });

  test('reuses what carries the hash and passed the same checks', () => {
    expect(planned({ have: ['root', 'left', 'leaf', 'right'].map((layer) => have(layer)) })).toEqual([
      'root/x86_64: reuse (image-found)',
      'left/x86_64: reuse (image-found)',
      'leaf/x86_64: reuse (image-found)',
      'right/x86_64: reuse (image-found)',
    ]);
  });

  test('says which file made a layer affected, and what it stands on', () => {
    const affected = findAffected(graph, ['templates/left.yaml', 'README.md'], () => new Map());
    expect(planned({ affected, targets: new Set(affected.keys()), have: [have('root'), have('right')] })).toEqual([
      'root/x86_64: reuse (image-found)',
      'left/x86_64: build (file-changed, no-image)',
      'leaf/x86_64: build (parent-affected, no-image)',
    ]);
  });

  test('builds an ancestor that has no image only for what is built on it', () => {
    expect(planned({ targets: new Set(['leaf']) })).toEqual([
      'root/x86_64: build (no-image, needed-by)',
      'left/x86_64: build (no-image, needed-by)',
      'leaf/x86_64: build (no-image)',
    ]);
    expect(planned({ targets: new Set(['leaf']), have: [have('leaf')] })).toEqual(['leaf/x86_64: reuse (image-found)']);
  });

  test.each<[string, Partial<ImageRecord>, string]>([
    ['built, never validated', { buildState: 'built' }, 'validate (not-validated)'],
    ['still pending', { buildState: 'building', availability: 'pending' }, 'validate (not-validated)'],
    ['validated by other checks', { validationHash: 'old' }, 'validate (checks-changed)'],
    ['rejected by other checks', { buildState: 'rejected', validationHash: 'old' }, 'validate (checks-changed)'],
    ['rejected by these checks', { buildState: 'rejected' }, 'build (image-rejected)'],
    ['failed in EC2', { buildState: 'building', availability: 'failed' }, 'build (image-failed)'],
    ['in another Region', { region: 'eu-west-1' }, 'build (no-image)'],
  ])('an image that is %s', (_, state, expected) => {
    expect(planned({ targets: new Set(['root']), have: [have('root', state)] })).toEqual([`root/x86_64: ${expected}`]);
  });

  test('prefers a validated image to a newer one that is not', () => {
    const validated = have('root', { imageId: 'ami-old', created: '2026-01-01T00:00:00Z' });
    const newer = have('root', { imageId: 'ami-new', buildState: 'built', created: '2026-06-01T00:00:00Z' });
    expect(planned({ targets: new Set(['root']), have: [newer, validated] })).toEqual([
      'root/x86_64: reuse (image-found)',
    ]);
  });

  test('takes a pull request’s image, unless only the default branch’s own are asked for', () => {
    const all = [have('root'), have('left', { trust: 'pr' }), have('right', { trust: 'pr' })];
    const asked = { have: all, targets: new Set(['left', 'right']) };
    expect(planned(asked)).toEqual([
      'root/x86_64: reuse (image-found)',
      'left/x86_64: reuse (image-found)',
      'right/x86_64: reuse (image-found)',
    ]);
    const older = have('left', { imageId: 'ami-main', created: '2026-10-01T00:00:00.000Z', buildState: 'built' });
    expect(planned({ ...asked, have: [...all, older], reuse: 'trusted' })).toEqual([
      'root/x86_64: reuse (image-found)',
      'left/x86_64: validate (not-validated)',
      'right/x86_64: build (image-not-trusted)',
    ]);
  });

  test('a requested rebuild takes along what stands on it', () => {
    const all = ['root', 'left', 'leaf', 'right'].map((layer) => have(layer));
    expect(planned({ have: all, rebuild: new Set(['left']) })).toEqual([
      'root/x86_64: reuse (image-found)',
      'left/x86_64: build (rebuild-requested)',
      'leaf/x86_64: build (parent-rebuilt)',
      'right/x86_64: reuse (image-found)',
    ]);
  });

  test('names images by layer, version, architecture and hash, with a generation when the hash is built again', () => {
    const names = (have_: readonly ImageRecord[]) =>
      makePlan({
        graph,
        hashes,
        targets: new Set(['leaf']),
        affected: new Map(),
        images: groupBy(have_, (one) => one.templateHash),
        rebuild: new Set(['leaf']),
        reuse: 'any',
        defaultRegion: 'us-west-2',
      }).items.at(-1)?.imageName;
    const first = `leaf-1.2.0-x86_64-${hashes.get('leaf/x86_64')?.templateHash.slice(0, 12) ?? ''}`;
    expect(names([])).toBe(first);
    expect(names([have('leaf', { name: first })])).toBe(`${first}-r2`);
    expect(names([have('leaf', { name: first }), have('leaf', { name: `${first}-r2` })])).toBe(`${first}-r3`);
  });

  test('plans a variant for each architecture, on the parent of the same architecture', () => {
    const both: LayerGraph = graphOf({
      'templates/root.yaml': 'architectures: [x86_64, arm64]\n',
      'templates/child.yaml': 'extends: root\n',
    });
    const asked: PlanInput = {
      graph: both,
      hashes: computeHashes(both),
      targets: new Set(both.order),
      affected: new Map(),
      images: new Map(),
      rebuild: new Set(),
      reuse: 'any',
      defaultRegion: 'us-west-2',
    };
    expect(makePlan({ ...asked, architectures: ['arm64'] }).items.map(({ key }) => key)).toEqual([
      'root/arm64',
      'child/arm64',
    ]);
    expect(makePlan(asked).items.map(({ key, parent }) => `${key} on ${parent ?? 'base'}`)).toEqual([
      'root/x86_64 on base',
      'root/arm64 on base',
      'child/x86_64 on root/x86_64',
      'child/arm64 on root/arm64',
    ]);
  });
});
