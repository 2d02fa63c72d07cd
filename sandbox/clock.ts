import { setImmediate } from 'node:timers/promises';

/** The daemon's one clock: AWS's time here. It starts as the machine's own, and can run faster and be moved forward. */
export interface Clock {
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Once, when so much of the sandbox's time has gone by; in the order in which they are due. */
  readonly after: (delayMs: number, change: () => void) => Timer;
  /** Sandbox milliseconds for each real one. Above 0. */
  readonly rate: () => number;
  readonly setRate: (rate: number) => void;
  /**
   * Moves the clock forward. Everything that falls due on the way happens at its own time and in order, what that brings
   * about included; only what programs on instances do goes on in real time, as always.
   */
  readonly advance: (ms: number) => Promise<void>;
  /** For a later clock, which goes on as if this one had never stopped. */
  readonly reading: () => ClockReading;
}

export interface Timer {
  readonly cancel: () => void;
}

/** At this real time it was that sandbox time, and ran at that rate. Both in milliseconds since the epoch. */
export interface ClockReading {
  readonly realTime: number;
  readonly time: number;
  readonly rate: number;
}

interface PendingTimer {
  readonly due: number;
  readonly change: () => void;
}

export interface ClockOptions {
  readonly rate?: number;
  /** Where an earlier clock of the same state stood. Time must not go back: records would come from the future. */
  readonly earlier?: ClockReading | undefined;
  /** After each change of the rate, and each move. */
  readonly onSet?: (reading: ClockReading) => void;
}

/** What setTimeout can hold. */
const LONGEST_TIMEOUT_MS = 2 ** 31 - 1;

/** @throws Error for a rate that is not above 0. */
export function makeClock({ rate: firstRate = 1, earlier, onSet }: ClockOptions = {}): Clock {
  checkRate(firstRate);
  const start = Date.now();
  let reading: ClockReading = {
    realTime: start,
    time: earlier === undefined ? start : timeAt(earlier, start),
    rate: firstRate,
  };
  /** Earliest first; equal ones in the order in which they were made. */
  const timers: PendingTimer[] = [];
  let timeout: NodeJS.Timeout | undefined;
  /** While the clock is moved, it stands at the time of what is happening. */
  let standsAt: number | undefined;

  const now = (): number => standsAt ?? timeAt(reading, Date.now());
  const set = (next: Partial<ClockReading>): void => {
    const realTime = Date.now();
    reading = { realTime, time: timeAt(reading, realTime), rate: reading.rate, ...next };
    onSet?.(reading);
  };
  const arm = (): void => {
    clearTimeout(timeout);
    const [first] = timers;
    if (first === undefined || standsAt !== undefined) return;
    const realMs = Math.ceil((first.due - now()) / reading.rate);
    // What keeps the daemon alive is its server.
    timeout = setTimeout(ring, Math.min(Math.max(realMs, 0), LONGEST_TIMEOUT_MS)).unref();
  };
  const takeDue = (until: number): PendingTimer | undefined =>
    timers[0] !== undefined && timers[0].due <= until ? timers.shift() : undefined;
  const ring = (): void => {
    for (let timer = takeDue(now()); timer !== undefined; timer = takeDue(now())) timer.change();
    arm();
  };
  return {
    now,
    after: (delayMs, change) => {
      const timer = { due: now() + delayMs, change };
      const later = timers.findIndex(({ due }) => due > timer.due);
      timers.splice(later === -1 ? timers.length : later, 0, timer);
      if (timers[0] === timer) arm();
      return {
        cancel: () => {
          const at = timers.indexOf(timer);
          if (at !== -1) timers.splice(at, 1);
        },
      };
    },
    rate: () => reading.rate,
    setRate: (rate) => {
      checkRate(rate);
      set({ rate });
      arm();
    },
    advance: async (ms) => {
      const target = now() + ms;
      for (let timer = takeDue(target); timer !== undefined; timer = takeDue(target)) {
        standsAt = Math.max(timer.due, now());
        timer.change();
        // What the change set off by promises may set timers of its own before the target.
        await setImmediate();
      }
      standsAt = undefined;
      set({ time: Math.max(target, now()) });
      arm();
    },
    reading: () => reading,
  };
}

function timeAt({ realTime, time, rate }: ClockReading, realNow: number): number {
  return time + (realNow - realTime) * rate;
}

function checkRate(rate: number): void {
  if (!(rate > 0)) throw new Error(`the clock's rate must be above 0, not ${rate}`);
}
