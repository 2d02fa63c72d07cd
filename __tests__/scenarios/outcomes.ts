import { positionOf } from '../../src/diagnostics/diagnostic.js';
import type { Failure, Outcome } from '../../src/build/outcome.js';
import { layerOf } from '../../src/plan/variant.js';
import type { RunReport } from '../../src/report/run-report.js';
import type { Run } from './rig.js';

/** What became of each layer, in words. */
export function outcomes({ results }: RunReport): Readonly<Record<string, string>> {
  return Object.fromEntries([...results.values()].map(({ key, outcome }) => [layerOf(key), inWords(outcome)]));
}

function inWords(outcome: Outcome): string {
  switch (outcome.kind) {
    case 'reused':
      return outcome.validated ? 'reused and validated' : 'reused';
    case 'failed':
      return `failed: ${outcome.failure.message}`;
    case 'blocked':
      return `blocked by ${layerOf(outcome.by)}`;
    case 'in-progress':
      return `in progress: ${outcome.phase ?? outcome.followed ?? 'not begun'}`;
    case 'built':
    case 'cancelled':
      return outcome.kind;
  }
}

/** What is to be done with each layer and the kinds of reasons for it: `build: script-changed, no-image`. */
export function decisions({ plan }: RunReport): Readonly<Record<string, string>> {
  return Object.fromEntries(
    plan.items.map(({ node, action, reasons }) => [
      node.layer.name,
      `${action.kind}: ${reasons.map(({ kind }) => kind).join(', ')}`,
    ]),
  );
}

/** The image that a layer has after the run. */
export function imageOf({ results }: RunReport, layer: string): string {
  for (const { key, outcome } of results.values()) {
    if (layerOf(key) === layer && 'imageId' in outcome && outcome.imageId !== undefined) return outcome.imageId;
  }
  throw new Error(`${layer} has no image`);
}

/** Why a layer failed; the place in its template as a line. */
export function failureOf({ results }: RunReport, layer: string): unknown {
  for (const { key, outcome } of results.values()) {
    if (layerOf(key) === layer && outcome.kind === 'failed') return plain(outcome.failure);
  }
  throw new Error(`${layer} did not fail`);
}

function plain({ step, ...failure }: Failure): unknown {
  if (step === undefined) return failure;
  const { span, ...named } = step;
  return { ...failure, step: { ...named, line: span === undefined ? undefined : positionOf(span).line } };
}

/** What the steps (and a failed check) of a layer printed. */
export function outputOf({ events }: Run, layer: string): string {
  return events
    .flatMap((event) => (event.kind === 'output' && layerOf(event.key) === layer ? event.text : []))
    .join('');
}
