// Preloaded into a Node program (`node --import`), this lets it live in the sandbox's time: `Date` and timers go as fast as
// the daemon's clock, and the program itself is the one that is shipped. See time-environment.ts.
import type { ClockReading } from './clock.js';

const { realTime, time, rate } = JSON.parse(process.env.SANDBOX_TIME ?? '') as ClockReading;
const RealDate = Date;
const now = (): number => Math.floor(time + (RealDate.now() - realTime) * rate);

globalThis.Date = new Proxy(RealDate, {
  construct: (target, given, newTarget) =>
    Reflect.construct(target, given.length === 0 ? [now()] : given, newTarget) as Date,
  get: (target, key, receiver) => (key === 'now' ? now : (Reflect.get(target, key, receiver) as unknown)),
});

globalThis.setTimeout = hurry(globalThis.setTimeout);
globalThis.setInterval = hurry(globalThis.setInterval);

function hurry<Timer extends typeof setTimeout | typeof setInterval>(timer: Timer): Timer {
  return new Proxy(timer, {
    apply: (target, self, [call, ms, ...rest]: [unknown, number | undefined, ...unknown[]]) =>
      Reflect.apply(target, self, [call, (ms ?? 0) / rate, ...rest]) as unknown,
  });
}
