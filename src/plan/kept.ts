import type { BaseHistory } from './base-history.js';
import { NO_HISTORY, type History } from './history.js';
import type { PriceList } from './prices.js';

/** What runs leave for later ones. It makes guesses better and words plainer, and decides nothing. */
export interface Kept {
  readonly durations: History;
  readonly prices: readonly PriceList[];
  readonly bases: BaseHistory;
}

export const NOTHING_KEPT: Kept = { durations: NO_HISTORY, prices: [], bases: {} };
