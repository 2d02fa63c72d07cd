import type { BuildEvent } from '../build/events.js';
import type { BuildPlan } from '../plan/build-plan.js';
import { renderEvent } from './console-lines.js';
import { makeLabels } from './labels.js';
import { safeLine } from './untrusted.js';
import { ROW_WORDS } from './words.js';

/** The lines of a layer's own log for each of its events, with the time of day (UTC) at which they were told. */
export function makeLogLines(plan: BuildPlan): (event: BuildEvent, now: number) => readonly string[] {
  const labelOf = makeLabels(plan);
  return (event, now) => {
    const time = new Date(now).toISOString().slice(11, 19);
    return renderEvent(event, labelOf).map((line) => `${time} ${line}`.trimEnd());
  };
}

/** What stands over a layer's log once the layer is through: `Log of app: failed`. */
export function makeLogTitle(plan: BuildPlan): (event: Extract<BuildEvent, { readonly kind: 'outcome' }>) => string {
  const labelOf = makeLabels(plan);
  return ({ key, outcome }) => `Log of ${safeLine(labelOf(key))}: ${ROW_WORDS[outcome.kind].word}`;
}

/** Says what a log that is too long to be shown lacks. */
export function renderLeftOut(bytes: number): readonly string[] {
  return bytes === 0
    ? []
    : [`(the first ${Math.ceil(bytes / 1_000_000)} MB are left out here; they were shown as they came)`];
}
