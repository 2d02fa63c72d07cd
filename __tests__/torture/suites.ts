import { cancellations } from './cancellations.js';
import { faults } from './faults.js';
import { kills } from './kills.js';
import { longSteps } from './long-steps.js';
import type { Suite } from './suite.js';
import { together } from './together.js';

export const SUITES = { faults, kills, cancellations, together, longSteps } as const satisfies Record<string, Suite>;
