import { expect, test } from '@jest/globals';
import { nextMove, type LayerTraces, type Sought } from '../../src/build/next-move.js';
import type { ImageRecord } from '../../src/images/image-record.js';
import type { InstanceRecord } from '../../src/images/instance-record.js';
import { image } from '../images.js';
import { instance } from '../instances.js';

const MINUTE = 60_000;
const NOW = 100 * MINUTE;
const NAME = 'gromacs-x86_64-abc';
const OBSERVER = {
  run: { id: '78', attempt: 1, token: 'mine', trust: 'main' as const },
  now: NOW,
  staleAfterMs: 3 * MINUTE,
};
const SOUGHT: Sought = { image: { name: NAME }, parentImageId: 'ami-parent', validationHash: 'same' };

const FRESH = NOW - MINUTE;
const STALE = NOW - 4 * MINUTE;
const builder = (parts: Partial<InstanceRecord>): InstanceRecord => instance({ imageId: 'ami-parent', ...parts });
const made = (parts: Partial<ImageRecord>): ImageRecord =>
  image({ layer: 'gromacs', templateHash: 'abc', name: NAME, ...parts });
const pending = made({ availability: 'pending', buildState: 'building' });

/** The move, and which instances it is about: the one it goes on with or follows, and the dead ones. */
function move(traces: Partial<LayerTraces>, sought = SOUGHT): { kind: string; on?: string; dead?: readonly string[] } {
  const next = nextMove({ images: [], instances: [], ...traces }, sought, OBSERVER);
  if (next.kind === 'follow') return { kind: next.kind, on: next.instance.instanceId };
  const dead = next.dead.map(({ instanceId }) => instanceId);
  return { kind: next.kind, ...(next.kind === 'adopt' ? { on: next.builder.instanceId } : {}), dead };
}

const NOTHING_DEAD = { dead: [] };
const ONE_DEAD = { dead: ['i-1'] };

test.each<[string, Partial<LayerTraces>, ReturnType<typeof move>]>([
  ['nothing', {}, { kind: 'build', ...NOTHING_DEAD }],
  ['a builder with a fresh heartbeat', { instances: [builder({ heartbeatAt: FRESH })] }, { kind: 'follow', on: 'i-1' }],
  [
    'a builder with a stale heartbeat',
    { instances: [builder({ heartbeatAt: STALE })] },
    { kind: 'adopt', on: 'i-1', dead: [] },
  ],
  ['a builder that was left to the next run', { instances: [builder({})] }, { kind: 'adopt', on: 'i-1', dead: [] }],
  ['a stopped builder', { instances: [builder({ state: 'stopped' })] }, { kind: 'adopt', on: 'i-1', dead: [] }],
  [
    'a builder that ended',
    { instances: [builder({ state: 'terminated', heartbeatAt: FRESH })] },
    { kind: 'build', ...NOTHING_DEAD },
  ],
  [
    'a builder about to end by its timer',
    { instances: [builder({ expiresAt: NOW + MINUTE })] },
    { kind: 'build', ...ONE_DEAD },
  ],
  ['a builder on another parent', { instances: [builder({ imageId: 'ami-old' })] }, { kind: 'build', ...ONE_DEAD }],
  ['a test instance of a dead run', { instances: [builder({ role: 'test' })] }, { kind: 'build', ...ONE_DEAD }],
  ['a pending image', { images: [pending], instances: [builder({})] }, { kind: 'validate', ...ONE_DEAD }],
  [
    'a pending image whose run is at it',
    { images: [pending], instances: [builder({ heartbeatAt: FRESH })] },
    { kind: 'follow', on: 'i-1' },
  ],
  ['an image without a verdict', { images: [made({ buildState: 'built' })] }, { kind: 'validate', ...NOTHING_DEAD }],
  [
    'an image with the verdict of other checks',
    { images: [made({ validationHash: 'other' })] },
    { kind: 'validate', ...NOTHING_DEAD },
  ],
  ['a validated image', { images: [made({})], instances: [builder({})] }, { kind: 'reuse', ...ONE_DEAD }],
  [
    'a validated image whose run is not through',
    { images: [made({})], instances: [builder({ heartbeatAt: FRESH })] },
    { kind: 'reuse', ...NOTHING_DEAD },
  ],
  ['a rejected image', { images: [made({ buildState: 'rejected' })] }, { kind: 'rejected', ...NOTHING_DEAD }],
  [
    'a rejected image of other checks',
    { images: [made({ buildState: 'rejected', validationHash: 'other' })] },
    { kind: 'validate', ...NOTHING_DEAD },
  ],
])('with %s', (_, traces, expected) => {
  expect(move(traces)).toEqual(expected);
});

test('an earlier attempt of the same run is over, however fresh its heartbeat', () => {
  const earlier = builder({ runId: '78', heartbeatAt: FRESH });
  const next = nextMove({ images: [], instances: [earlier] }, SOUGHT, {
    ...OBSERVER,
    run: { ...OBSERVER.run, attempt: 2 },
  });
  expect(next.kind).toBe('adopt');
});

test('of several builders the oldest that is held is followed, and of dead ones the oldest is taken', () => {
  const two = (heartbeatAt?: number): readonly InstanceRecord[] => [
    builder({ instanceId: 'i-young', launchedAt: 2, heartbeatAt }),
    builder({ instanceId: 'i-old', launchedAt: 1, heartbeatAt }),
  ];
  expect(move({ instances: two(FRESH) })).toEqual({ kind: 'follow', on: 'i-old' });
  expect(move({ instances: two() })).toEqual({ kind: 'adopt', on: 'i-old', dead: ['i-young'] });
});

test('on a root layer a builder on any image of its base will do', () => {
  const traces = { instances: [builder({ imageId: 'ami-of-last-week' })] };
  expect(move(traces, { ...SOUGHT, parentImageId: undefined })).toEqual({ kind: 'adopt', on: 'i-1', dead: [] });
});
