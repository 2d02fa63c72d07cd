import path from 'node:path';
import type { Delays } from './delays.js';
import type { Faults } from './faults.js';
import { makeJournal, type Journal } from './journal.js';

import type { RunningInstance } from './ec2/instance-life.js';
import type { Store } from './machine/store.js';
import type { CommandRecord } from './ssm/command-record.js';
import { loadState, saveState, type SandboxState } from './state.js';

/** All that an operation may look at or change. */
export interface World {
  readonly store: Store;
  readonly delays: Delays;
  readonly state: SandboxState;
  /** Instances whose machine is on or coming up. */
  readonly running: Map<string, RunningInstance>;
  /** What each instance's console said last, kept after it is off. */
  readonly consoles: Map<string, string>;
  readonly commands: Map<string, CommandRecord>;
  readonly faults: Faults;
  readonly journal: Journal;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Every change of state that takes time is a timer of the daemon's; no request waits for one. */
  readonly after: (delayMs: number, change: () => void) => NodeJS.Timeout;
  /** Call after changing `state`: it is on disk before the answer is on its way. */
  readonly changed: () => void;
}

export function openWorld(store: Store, delays: Delays): World {
  const file = path.join(store.path, 'state.json');
  const state = loadState(file);
  let saving = false;
  const now = (): number => Date.now();
  return {
    store,
    delays,
    state,
    running: new Map(),
    consoles: new Map(),
    commands: new Map(),
    faults: [],
    journal: makeJournal(now),
    now,
    after: (delayMs, change) => setTimeout(change, delayMs),
    changed: () => {
      if (saving) return;
      saving = true;
      queueMicrotask(() => {
        saving = false;
        saveState(file, state);
      });
    },
  };
}
