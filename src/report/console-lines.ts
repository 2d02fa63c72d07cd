import type { BuildEvent } from '../build/events.js';
import type { Outcome } from '../build/outcome.js';
import type { BuildPlan } from '../plan/build-plan.js';
import { formatDuration } from './durations.js';
import { describeFailure, describeOwnFailure, failureLocation } from './failures.js';
import { makeLabels, type LabelOf } from './labels.js';
import { renderProgress } from './progress.js';
import { safeLine, shownLines } from './untrusted.js';
import { PHASE_WORDS, ROW_WORDS } from './words.js';

/**
 * What to print for each event of a build. Layers build side by side and groups do not nest on GitHub, so that every
 * line says whose it is. Output is expected in whole lines.
 */
export function makeConsoleLines(plan: BuildPlan): (event: BuildEvent) => readonly string[] {
  const labelOf = makeLabels(plan);
  const prefix = makePrefix(plan, labelOf);
  return (event) => renderEvent(event, labelOf).map((line) => `${prefix(event)} ${line}`.trimEnd());
}

function makePrefix(plan: BuildPlan, labelOf: LabelOf): (event: BuildEvent) => string {
  const width = Math.max(0, ...plan.items.map(({ key }) => safeLine(labelOf(key)).length));
  return ({ key }) => `[${safeLine(labelOf(key))}]`.padEnd(width + 2);
}

/** An event without the name of its layer. */
export function renderEvent(event: BuildEvent, labelOf: LabelOf): readonly string[] {
  switch (event.kind) {
    case 'phase':
      return [withDetail(PHASE_WORDS[event.phase].doing, event.detail)];
    case 'step-started':
      return [`▸ ${event.index}/${event.count} ${safeLine(event.name)}`];
    case 'output':
      return shownLines(event.text).map((line) => `  ${line}`);
    case 'step-finished': {
      const verdict = event.exitCode === 0 ? '✓' : `✗ exited ${event.exitCode}:`;
      return [`${verdict} ${safeLine(event.name)} (${formatDuration(event.durationMs)})`];
    }
    case 'followed':
    case 'waiting':
      return [`… ${safeLine(event.detail)}`];
    case 'warning':
      return [`⚠️ ${safeLine(event.message)}`];
    case 'outcome':
      return renderOutcome(event.outcome, labelOf);
  }
}

function renderOutcome(outcome: Outcome, labelOf: LabelOf): readonly string[] {
  const { emoji, word } = ROW_WORDS[outcome.kind];
  switch (outcome.kind) {
    case 'built':
      return [`${emoji} ${word} ${outcome.imageId} (${formatDuration(outcome.durationMs)})`];
    case 'reused':
      return [
        `${emoji} ${word} ${outcome.imageId}${outcome.validated ? ', checks passed' : ''}${outcome.followed === undefined ? '' : `, made by run ${safeLine(outcome.followed)}`}`,
      ];
    case 'failed': {
      const place = failureLocation(outcome.failure);
      return [
        `${emoji} ${word}: ${describeFailure(outcome.failure)}${place === undefined ? '' : ` (${place})`}`,
        `  ${safeLine(outcome.failure.message)}`,
        `  Fix: ${safeLine(outcome.failure.fix)}`,
      ];
    }
    case 'blocked':
      return [`${emoji} ${word} by ${safeLine(labelOf(outcome.by))}${describeOwnFailure(outcome)}`];
    case 'in-progress':
      return [`${emoji} ${word}: ${renderProgress(outcome, safeLine)}`];
    case 'cancelled': {
      const why = outcome.after === undefined ? '' : ` because ${safeLine(labelOf(outcome.after))} failed`;
      return [`${emoji} ${word}${why} (${formatDuration(outcome.durationMs)})`];
    }
  }
}

function withDetail(words: string, detail: string): string {
  return detail === '' ? words : `${words}: ${safeLine(detail)}`;
}
