import { expect, test } from '@jest/globals';
import { observe, type BaseHistory, type ResolvedBase } from '../../src/plan/base-history.js';
import { renderBaseMoves } from '../../src/report/base-moves.js';
import { allBuilt } from '../report/examples.js';

const al2023 = (imageId: string, parts: Partial<ResolvedBase> = {}): ResolvedBase => ({
  reference: { kind: 'alias', alias: 'al2023' },
  architecture: 'x86_64',
  region: 'us-west-2',
  imageId,
  ...parts,
});

test('a base that means another image than before has moved; the days are those on which it was found', () => {
  const first = observe({}, [al2023('ami-1')], '2026-10-30');
  expect(first).toEqual({
    history: { 'us-west-2 x86_64 al2023': [{ imageId: 'ami-1', since: '2026-10-30' }] },
    moves: [],
  });
  expect(observe(first.history, [al2023('ami-1')], '2026-11-05')).toEqual(first);
  const { history, moves } = observe(first.history, [al2023('ami-2')], '2026-11-14');
  const [from, to] = [
    { imageId: 'ami-1', since: '2026-10-30' },
    { imageId: 'ami-2', since: '2026-11-14' },
  ];
  expect(history).toEqual({ 'us-west-2 x86_64 al2023': [from, to] });
  expect(moves).toEqual([{ base: 'al2023', architecture: 'x86_64', region: 'us-west-2', from, to }]);
  expect(renderBaseMoves({ ...allBuilt, baseMoves: moves }, (text) => text)).toBe(
    'Base al2023 moved from ami-1 (2026-10-30) to ami-2 (2026-11-14).',
  );
});

test('Regions and architectures are apart, pinned images are not watched, and little is kept', () => {
  const pinned = al2023('ami-9', { reference: { kind: 'ami', imageId: 'ami-9' } });
  const { history } = observe({}, [al2023('ami-1'), al2023('ami-2', { architecture: 'arm64' }), pinned], '2026-11-01');
  expect(Object.keys(history)).toEqual(['us-west-2 x86_64 al2023', 'us-west-2 arm64 al2023']);
  const long = ['ami-1', 'ami-2', 'ami-3', 'ami-4'].reduce<BaseHistory>(
    (before, imageId) => observe(before, [al2023(imageId)], '2026-11-01').history,
    {},
  );
  expect(Object.values(long)[0]?.map(({ imageId }) => imageId)).toEqual(['ami-2', 'ami-3', 'ami-4']);
});
