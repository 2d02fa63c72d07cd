import { BUILDER_PHASES, costOf, type QuotesOf, type Times } from '../plan/estimate.js';
import type { BuildPlan } from '../plan/build-plan.js';
import { storedOf } from '../images/tags.js';
import type { Stored } from '../images/stored.js';
import { addUp, type Storage, type StoredImage } from '../plan/storage.js';
import type { LayerResult, Phase, PhaseTiming } from './outcome.js';

/** What a run has cost, in US dollars; undefined where nothing was launched, or the price of a type is not known. */
export function spentUsd(
  { items }: BuildPlan,
  results: ReadonlyMap<string, LayerResult>,
  quotesOf: QuotesOf,
): number | undefined {
  const costs = items.flatMap((item) => {
    const timings = results.get(item.key)?.timings ?? [];
    return timings.length === 0 ? [] : [costOf(item, timesOf(timings), quotesOf(item))];
  });
  if (costs.length === 0) return undefined;
  return costs.reduce((sum, cost) => (sum === undefined || cost === undefined ? undefined : sum + cost));
}

function timesOf(timings: readonly PhaseTiming[]): Times {
  const spent = (...phases: readonly Phase[]): number =>
    timings.reduce(
      (sum, { phase, startedAt, endedAt }) => (phases.includes(phase) ? sum + endedAt - startedAt : sum),
      0,
    );
  return { builderMs: spent(...BUILDER_PHASES), imageMs: spent('image'), testMs: spent('validate') };
}

/** What the images are stored as that the run has found or made. `storedOf` knows those that it has made. */
export function storageOf(
  { items }: BuildPlan,
  results: ReadonlyMap<string, LayerResult>,
  storedOfMade: (imageId: string) => Stored | undefined,
): Storage | undefined {
  const images = items.flatMap(({ key, action }): StoredImage[] => {
    const outcome = results.get(key)?.outcome;
    if (outcome?.kind === 'built') return [{ stored: storedOfMade(outcome.imageId), isNew: true }];
    if (action.kind === 'build') return [];
    return [{ stored: storedOfMade(action.image.imageId) ?? storedOf(action.image), isNew: false }];
  });
  return addUp(images);
}
