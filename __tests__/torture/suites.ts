import { cancellations } from './cancellations.js';
import { faults } from './faults.js';
import { hostile } from './hostile.js';
import { kills, killsBetween } from './kills.js';
import { longSteps } from './long-steps.js';
import { spot } from './spot.js';
import type { Suite } from './suite.js';
import { together } from './together.js';

export const SUITES = {
  faults,
  kills,
  killsBetween,
  cancellations,
  together,
  spot,
  hostile,
  longSteps,
} as const satisfies Record<string, Suite>;
