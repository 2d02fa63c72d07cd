import type { Clock } from './clock.js';

/** Asks for many things at once; what is not known (yet) is missing from the answer. */
export type Fetch<Key, View> = (keys: readonly Key[]) => Promise<ReadonlyMap<Key, View>>;

export interface Wait<View, Result> {
  /** Looks at the newest view; undefined means: go on waiting. What it throws ends the wait. */
  readonly until: (view: View | undefined) => Result | undefined;
  readonly timeoutMs: number;
  /** Ends this wait early: nobody needs its result any more. It then rejects with `Cancelled`. */
  readonly abandon?: AbortSignal;
  /** What the wait rejects with when the time is up. */
  readonly onTimeout: (view: View | undefined) => Error;
}

/** One kind of thing that can be waited for. */
export interface Watched<Key, View> {
  readonly wait: <Result>(key: Key, wait: Wait<View, Result>) => Promise<Result>;
}

export interface PollerOptions {
  readonly clock: Clock;
  readonly intervalMs: number;
  readonly signal: AbortSignal;
  /** Errors of a fetch that are worth another tick. Others end every wait that took part in it. */
  readonly isTransient: (error: unknown) => boolean;
}

export interface Poller {
  readonly intervalMs: number;
  /** Adds a kind of thing. All kinds share the ticks: one fetch per kind and tick, however many waits there are. */
  readonly watch: <Key, View>(fetch: Fetch<Key, View>, load?: Load) => Watched<Key, View>;
}

/** What a fetch costs, and whom. */
export interface Load {
  /** Who is asked: in a tick, at most `MOST_REQUESTS` of each. */
  readonly service: string;
  /** Requests that one fetch may take. */
  readonly requests: number;
}

/** Thrown by every wait when the run is cancelled. */
export class Cancelled extends Error {
  constructor() {
    super('cancelled');
    this.name = 'Cancelled';
  }
}

/** Sent to one service in a tick. Where more would be needed, the kind that was looked at last waits for the next tick. */
const MOST_REQUESTS = 4;

/** A fetch that fails this many ticks in a row is not transient any more. */
const MAX_FAILED_TICKS = 20;

/** Watches everything in flight with one request per kind and tick; sleeps when nothing is awaited. */
export function createPoller(options: PollerOptions): Poller {
  const { clock, intervalMs, signal } = options;
  const kinds: Ticking[] = [];
  let running = false;
  let ticks = 0;

  const run = async (): Promise<void> => {
    while (kinds.some((kind) => kind.isWaiting())) {
      const startedAt = clock.now();
      ticks += 1;
      const due = withinLimits(kinds.filter((kind) => kind.isWaiting()));
      for (const kind of due) kind.lastTick = ticks;
      await Promise.all(due.map((kind) => kind.tick()));
      if (!kinds.some((kind) => kind.isWaiting())) break;
      // From tick to tick: what the requests took is part of the interval, but never all of it.
      await clock.sleep(Math.max(intervalMs / 3, startedAt + intervalMs - clock.now()), signal);
    }
    running = false;
  };

  return {
    intervalMs,
    watch: (fetch, load = { service: '', requests: 1 }) => {
      const kind = createKind(fetch, options);
      kinds.push({ ...kind, ...load, lastTick: 0 });
      return {
        wait: (key, wait) =>
          new Promise((resolve, reject) => {
            kind.add(key, wait, { resolve, reject });
            if (running) return;
            running = true;
            // Not at once: what is awaited in the same breath shares the first tick.
            queueMicrotask(() => void run());
          }),
      };
    },
  };
}

interface Ticking extends Load {
  readonly isWaiting: () => boolean;
  readonly tick: () => Promise<void>;
  lastTick: number;
}

function withinLimits(waiting: readonly Ticking[]): readonly Ticking[] {
  const requests = new Map<string, number>();
  return waiting
    .toSorted((a, b) => a.lastTick - b.lastTick || b.requests - a.requests)
    .filter(({ service, requests: more }) => {
      const all = (requests.get(service) ?? 0) + more;
      if (all > MOST_REQUESTS) return false;
      requests.set(service, all);
      return true;
    });
}

interface Settle<Result> {
  readonly resolve: (result: Result) => void;
  readonly reject: (error: unknown) => void;
}

interface Kind<Key, View> {
  readonly isWaiting: () => boolean;
  readonly tick: () => Promise<void>;
  readonly add: <Result>(key: Key, wait: Wait<View, Result>, settle: Settle<Result>) => void;
}

function createKind<Key, View>(
  fetch: Fetch<Key, View>,
  { clock, signal, isTransient }: PollerOptions,
): Kind<Key, View> {
  interface Waiting {
    readonly key: Key;
    /** Settles the wait if it can. */
    readonly look: (view: View | undefined) => void;
    readonly reject: (error: unknown) => void;
  }
  const waiting = new Set<Waiting>();
  let failedTicks = 0;

  const rejectAll = (all: Iterable<Waiting>, error: unknown): void => {
    for (const one of [...all]) one.reject(error);
  };

  return {
    isWaiting: () => waiting.size > 0,

    add: (key, { until, timeoutMs, onTimeout, abandon }, { resolve, reject }) => {
      const deadline = clock.now() + timeoutMs;
      const leave = (): void => {
        waiting.delete(one);
        abandon?.removeEventListener('abort', giveUp);
      };
      const one: Waiting = {
        key,
        look: (view) => {
          try {
            const result = until(view);
            if (result !== undefined) {
              leave();
              resolve(result);
            } else if (clock.now() >= deadline) one.reject(onTimeout(view));
          } catch (error) {
            one.reject(error);
          }
        },
        reject: (error) => {
          leave();
          reject(error);
        },
      };
      const giveUp = (): void => {
        one.reject(new Cancelled());
      };
      if (abandon?.aborted === true) {
        giveUp();
        return;
      }
      waiting.add(one);
      abandon?.addEventListener('abort', giveUp);
    },

    tick: async () => {
      if (signal.aborted) {
        rejectAll(waiting, new Cancelled());
        return;
      }
      const taking = [...waiting];
      if (taking.length === 0) return;
      try {
        const views = await fetch([...new Set(taking.map((one) => one.key))]);
        failedTicks = 0;
        for (const one of taking) if (waiting.has(one)) one.look(views.get(one.key));
      } catch (error) {
        failedTicks += 1;
        if (!isTransient(error) || failedTicks >= MAX_FAILED_TICKS) rejectAll(taking, error);
      }
    },
  };
}
