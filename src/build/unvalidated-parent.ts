import { Cancelled, type Watched } from '../lib/batch-poll.js';
import type { PlanItem, VariantKey } from '../plan/build-plan.js';
import type { ChainLink } from './chain.js';
import { ParentLost } from './claim-lost.js';
import type { BuildContext } from './context.js';
import { isUnfinished, type Outcome } from './outcome.js';
import { usableImage } from './usable-image.js';

/** A parent whose image is there, or on its way, while its checks still have to run. */
export interface UnvalidatedParent {
  readonly item: PlanItem;
  readonly imageId: string;
  /** Its builder, for one child to go on with. */
  readonly link: ChainLink | undefined;
  /** Undefined as long as it is not through. */
  readonly verdict: () => Verdict | undefined;
  readonly settled: Promise<Verdict>;
  /** Aborted, with `ParentLost`, when its image is not to be used. */
  readonly lost: AbortSignal;
}

/** `unfinished`: the run ended before. */
export type Verdict = 'validated' | 'unfinished' | ParentLost;

/** `outcome`: what becomes of the parent, when the work on it is through. */
export function unvalidatedParent(
  parent: Pick<UnvalidatedParent, 'item' | 'imageId' | 'link'>,
  outcome: Promise<Outcome>,
): UnvalidatedParent {
  const lost = new AbortController();
  let verdict: Verdict | undefined;
  const settled = outcome.then((reached) => {
    verdict = verdictOf(parent, reached);
    if (verdict instanceof ParentLost) lost.abort(verdict);
    return verdict;
  });
  // What breaks the work on the parent ends the run by itself; it must not end the process where no child waits for it yet.
  settled.catch(() => undefined);
  return { ...parent, verdict: () => verdict, settled, lost: lost.signal };
}

function verdictOf({ item, imageId }: Pick<UnvalidatedParent, 'item' | 'imageId'>, outcome: Outcome): Verdict {
  if (isUnfinished(outcome)) return 'unfinished';
  if (usableImage(outcome) === imageId) return 'validated';
  return new ParentLost(outcome.kind === 'blocked' ? outcome.by : item.key);
}

/**
 * Waits until a layer that began on an unvalidated parent may go on to what others will see. Throws `ParentLost` when
 * the parent is not to be used, `Cancelled` when the run ends before that is known.
 */
export async function parentValidated(
  parent: UnvalidatedParent | undefined,
  key: VariantKey,
  { emit }: Pick<BuildContext, 'emit'>,
): Promise<void> {
  if (parent === undefined) return;
  if (parent.verdict() === undefined) {
    emit({ kind: 'waiting', key, detail: `${parent.item.node.layer.name} is being validated` });
  }
  const verdict = await parent.settled;
  if (verdict === 'unfinished') throw new Cancelled();
  if (verdict !== 'validated') throw verdict;
}

/** A context in which every wait ends at once when the parent is lost, and nothing new is begun. */
export function boundTo({ lost }: UnvalidatedParent, context: BuildContext): BuildContext {
  const { signal, watch } = context;
  return {
    ...context,
    signal: AbortSignal.any([signal, lost]),
    watch: {
      instances: until(lost, watch.instances),
      images: until(lost, watch.images),
      snapshots: until(lost, watch.snapshots),
      agents: until(lost, watch.agents),
      steps: until(lost, watch.steps),
    },
  };
}

function until<Key, View>(lost: AbortSignal, watched: Watched<Key, View>): Watched<Key, View> {
  return {
    wait: (key, wait) =>
      watched.wait(key, {
        ...wait,
        abandon: wait.abandon === undefined ? lost : AbortSignal.any([wait.abandon, lost]),
      }),
  };
}
