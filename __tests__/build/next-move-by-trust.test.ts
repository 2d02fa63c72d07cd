import { expect, test } from '@jest/globals';
import { nextMove, type LayerTraces, type Move, type Sought } from '../../src/build/next-move.js';
import { mayRelyOn, type Reuse, type Trust } from '../../src/images/trust.js';
import { image } from '../images.js';
import { instance } from '../instances.js';

const NOW = 100 * 60_000;
const NAME = 'gromacs-x86_64-abc';
const SOUGHT: Sought = { image: { name: NAME }, parentImageId: 'ami-parent', validationHash: 'same' };

const made = (parts: object, trust: Trust): LayerTraces => ({
  images: [image({ layer: 'gromacs', templateHash: 'abc', name: NAME, trust, ...parts })],
  instances: [],
});
const runs = (parts: object, trust: Trust): LayerTraces => ({
  images: [],
  instances: [instance({ imageId: 'ami-parent', trust, ...parts })],
});

/** One trace for each move that there is, and what a run does that may take it for its own. */
const TRACES: Readonly<Record<Exclude<Move['kind'], 'build'>, (trust: Trust) => LayerTraces>> = {
  reuse: (trust) => made({}, trust),
  rejected: (trust) => made({ buildState: 'rejected' }, trust),
  validate: (trust) => made({ buildState: 'built' }, trust),
  follow: (trust) => runs({ heartbeatAt: NOW }, trust),
  adopt: (trust) => runs({}, trust),
};

/** The move of a run as its region context shows it the traces. */
function move(traces: LayerTraces, run: { readonly trust: Trust; readonly reuse: Reuse }): Move {
  const visible = {
    images: traces.images.filter((one) => mayRelyOn(run, one)),
    instances: traces.instances.filter((one) => mayRelyOn(run, one)),
  };
  const observer = { run: { id: '78', attempt: 1, token: 'mine', trust: run.trust }, now: NOW, staleAfterMs: 180_000 };
  return nextMove(visible, SOUGHT, observer);
}

const RUNS = [
  { trust: 'main', reuse: 'trusted' },
  { trust: 'main', reuse: 'any' },
  { trust: 'pr', reuse: 'any' },
] as const;
const KINDS = Object.keys(TRACES) as (keyof typeof TRACES)[];

const cases = KINDS.flatMap((kind) =>
  RUNS.flatMap((run) => (['main', 'pr'] as const).map((of) => [kind, run.trust, run.reuse, of, run] as const)),
);

test.each(cases)('traces to %s, for a run of %s that reuses %s, made by %s', (kind, _trust, _reuse, of, run) => {
  const next = move(TRACES[kind](of), run);
  if (run.reuse === 'trusted' && of === 'pr') expect(next).toEqual({ kind: 'build', dead: [] });
  // Nothing of the default branch's is taken over or ended by a pull request's run.
  else if (kind === 'adopt' && run.trust === 'pr' && of === 'main') expect(next).toEqual({ kind: 'build', dead: [] });
  else expect(next.kind).toBe(kind);
});

test.each(RUNS.flatMap((run) => (['main', 'pr'] as const).map((of) => [run.trust, run.reuse, of, run] as const)))(
  'a dead instance, for a run of %s that reuses %s, launched by %s',
  (_trust, _reuse, of, run) => {
    const next = move(runs({ role: 'test' }, of), run);
    const isItsOwn = !(run.reuse === 'trusted' && of === 'pr') && !(run.trust === 'pr' && of === 'main');
    expect(next).toMatchObject({ kind: 'build', dead: isItsOwn ? [{ instanceId: 'i-1' }] : [] });
  },
);

test('an image of a later name is what is sought, one of an earlier name is not', () => {
  const named = (name: string): LayerTraces => ({
    images: [image({ layer: 'gromacs', templateHash: 'abc', name })],
    instances: [],
  });
  const second = { ...SOUGHT, image: { name: `${NAME}-r2` } };
  const observer = { run: { id: '78', attempt: 1, token: 'mine', trust: 'main' }, now: NOW, staleAfterMs: 1 } as const;
  expect(nextMove(named(NAME), second, observer).kind).toBe('build');
  expect(nextMove(named(`${NAME}-r2`), second, observer).kind).toBe('reuse');
  expect(nextMove(named(`${NAME}-r10`), second, observer).kind).toBe('reuse');
  expect(nextMove(named(`${NAME}-r2`), SOUGHT, observer).kind).toBe('reuse');
  expect(nextMove(named(`other-${NAME}`), SOUGHT, observer).kind).toBe('build');
});
