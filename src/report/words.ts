import type { Phase, Outcome } from '../build/outcome.js';
import type { Action } from '../plan/build-plan.js';
import type { FileRole } from '../plan/reason.js';
import type { RunResult } from './run-report.js';

/**
 * What a row of a table can say of a variant: what became of it, or, while only planned, what will be done; `planned` where
 * that depends on images that nobody has looked for.
 */
export type RowKind = Outcome['kind'] | Action['kind'] | 'planned';

interface Words {
  /** Never shown without its word: screen readers and plain terminals need the word. */
  readonly emoji: string;
  readonly word: string;
}

/** In the order in which rows are shown: what needs a person comes first. */
export const ROW_WORDS = {
  failed: { emoji: '❌', word: 'failed' },
  cancelled: { emoji: '⏹️', word: 'cancelled' },
  blocked: { emoji: '⏭️', word: 'blocked' },
  'in-progress': { emoji: '⏳', word: 'in progress' },
  built: { emoji: '🔨', word: 'built' },
  reused: { emoji: '♻️', word: 'reused' },
  build: { emoji: '⏳', word: 'to build' },
  validate: { emoji: '🔎', word: 'to validate' },
  reuse: { emoji: '♻️', word: 'to reuse' },
  planned: { emoji: '📋', word: 'planned' },
} as const satisfies Record<RowKind, Words>;

export const ACTION_WORDS = {
  build: 'build',
  validate: 'validate',
  reuse: 'reuse',
  planned: 'planned',
} as const satisfies Record<Action['kind'] | 'planned', string>;

export const RESULT_EMOJI = {
  success: '✅',
  failure: '❌',
  cancelled: '⏹️',
  'in-progress': '⏳',
  'nothing-to-do': '✅',
} as const satisfies Record<RunResult, string>;

interface PhaseWords {
  /** While it goes on: `launching the builder`. */
  readonly doing: string;
  /** As the subject of a failure: `the launch failed`. */
  readonly noun: string;
}

export const PHASE_WORDS = {
  launch: { doing: 'launching a builder', noun: 'the launch' },
  agent: { doing: 'waiting for the SSM agent', noun: 'waiting for the SSM agent' },
  deliver: { doing: 'delivering the steps', noun: 'the delivery of the steps' },
  steps: { doing: 'running steps', noun: 'a step' },
  seal: { doing: 'sealing', noun: 'the seal' },
  stop: { doing: 'stopping the builder', noun: 'stopping the builder' },
  image: { doing: 'creating the image', noun: 'the image' },
  validate: { doing: 'validating on a fresh instance', noun: 'the validation' },
} as const satisfies Record<Phase, PhaseWords>;

/** What one of the things is called that a phase runs one after another. */
export const STEP_WORDS = {
  launch: 'step',
  agent: 'step',
  deliver: 'step',
  steps: 'step',
  seal: 'step',
  stop: 'step',
  image: 'step',
  validate: 'check',
} as const satisfies Record<Phase, string>;

export const FILE_ROLE_WORDS = {
  template: 'changed',
  script: 'changed (script)',
  input: 'changed (input of a step)',
  check: 'changed (check)',
} as const satisfies Record<FileRole, string>;
