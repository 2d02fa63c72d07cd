import path from 'node:path';
import type { Clock, Timer } from './clock.js';
import type { Delays } from './delays.js';
import type { Faults } from './faults.js';
import type { Keyring } from './keyring.js';
import { makeJournal, type Journal } from './journal.js';
import type { RunningInstance } from './ec2/running-instance.js';
import type { Base } from './machine/base.js';
import type { Network } from './machine/network.js';
import type { Store } from './machine/store.js';
import type { CommandRecord } from './ssm/command-record.js';
import { makeStateIndex, type StateIndex } from './state-index.js';
import { openStateLog, type StateLog } from './state-log.js';
import type { SandboxState } from './state.js';
import { makeThrottle, type Throttle } from './throttle.js';

/** All that an operation may look at or change. */
export interface World {
  readonly store: Store;
  readonly base: Base;
  readonly clock: Clock;
  readonly keyring: Keyring;
  /** Where this sandbox answers; undefined until it listens. */
  endpoint: string | undefined;
  /** Looked up at each use, because a test may change them while the daemon runs. */
  delays: Delays;
  readonly state: SandboxState;
  readonly index: StateIndex;
  /** Instances whose machine is on or coming up. */
  readonly running: Map<string, RunningInstance>;
  /** What each instance's console said last, kept after it is off. */
  readonly consoles: Map<string, string>;
  readonly commands: Map<string, CommandRecord>;
  readonly faults: Faults;
  readonly throttle: Throttle;
  /** Undefined where instances have the machine's network, and no metadata. */
  readonly network: Network | undefined;
  readonly journal: Journal;
  /** The clock's time, in milliseconds since the epoch. */
  readonly now: () => number;
  /** Every change of state that takes time is a timer of the daemon's; no request waits for one. */
  readonly after: (delayMs: number, change: () => void) => Timer;
  /** Call after changing or removing a record of `state`: it is on disk before the answer is on its way. */
  readonly changed: StateLog['changed'];
}

export function openWorld(given: Pick<World, 'store' | 'base' | 'clock' | 'keyring' | 'delays' | 'network'>): World {
  const { store, clock } = given;
  const log = openStateLog(store.path);
  const index = makeStateIndex(log.state);
  const { now, after } = clock;
  return {
    ...given,
    endpoint: undefined,
    state: log.state,
    index,
    running: new Map(),
    consoles: new Map(),
    commands: new Map(),
    faults: [],
    throttle: makeThrottle(now),
    journal: makeJournal({ directory: path.join(store.path, 'journal'), now }),
    now,
    after,
    changed: (part, key) => {
      index.update(part, key);
      log.changed(part, key);
    },
  };
}
