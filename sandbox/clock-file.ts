import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { makeClock, type Clock, type ClockReading } from './clock.js';

export interface OpenClockOptions {
  /** Where the clock's last setting is kept, beside the state that its times are in. */
  readonly directory: string;
  /** Sandbox milliseconds for each real one. */
  readonly rate: number;
}

/** The clock of a store: it goes on from where it stood when the last daemon ended, and never back. */
export function openClock({ directory, rate }: OpenClockOptions): Clock {
  const file = path.join(directory, 'clock.json');
  const earlier = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as ClockReading) : undefined;
  const keep = (reading: ClockReading): void => {
    writeFileSync(`${file}.new`, JSON.stringify(reading), { mode: 0o600 });
    renameSync(`${file}.new`, file);
  };
  const clock = makeClock({ rate, earlier, onSet: keep });
  // A clock that was never set is the machine's own, and nothing needs to be known of it.
  if (earlier !== undefined || rate !== 1) keep(clock.reading());
  return clock;
}
