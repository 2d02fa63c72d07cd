/** The programs that end a machine. Each is a shim which tells the sandbox what it was called with. */
export const SHUTDOWN_NAMES = ['shutdown', 'poweroff', 'halt', 'reboot'] as const;

/** /run/initctl is where System V's init has always listened; pid 1 passes its lines on. */
export const SHUTDOWN_SHIM = ['#!/bin/sh', 'echo "${0##*/} $*" >/run/initctl', ''].join('\n');

export type ShutdownRequest =
  | { readonly kind: 'schedule'; readonly action: 'power-off' | 'reboot'; readonly afterMs: number }
  | { readonly kind: 'cancel' };

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

/**
 * What `shutdown -h +60`, `poweroff`, `shutdown -r now`, `shutdown -c` ask for (man shutdown, systemd). Without a time,
 * shutdown waits one minute; the other programs act at once. Undefined: nothing that can be understood.
 */
export function parseShutdown(line: string, now: Date): ShutdownRequest | undefined {
  const [program = '', ...words] = line.trim().split(/\s+/);
  const flags = words.filter((word) => word.startsWith('-'));
  const has = (short: string, long: string): boolean =>
    flags.some((flag) => flag === `--${long}` || (/^-[a-zA-Z]+$/.test(flag) && flag.includes(short)));
  if (program === 'shutdown' && has('c', 'cancel')) return { kind: 'cancel' };
  const action = program === 'reboot' || (program === 'shutdown' && has('r', 'reboot')) ? 'reboot' : 'power-off';
  if (program !== 'shutdown') return { kind: 'schedule', action, afterMs: 0 };
  const time = words.find((word) => !word.startsWith('-')) ?? '+1';
  const afterMs = delayOf(time, now);
  return afterMs === undefined ? undefined : { kind: 'schedule', action, afterMs };
}

function delayOf(time: string, now: Date): number | undefined {
  if (time === 'now') return 0;
  const minutes = /^\+?(\d+)$/.exec(time)?.[1];
  if (minutes !== undefined) return Number(minutes) * MINUTE_MS;
  const clock = /^(\d{1,2}):(\d{2})$/.exec(time);
  if (clock === null) return undefined;
  const at = new Date(now);
  at.setHours(Number(clock[1]), Number(clock[2]), 0, 0);
  const delay = at.getTime() - now.getTime();
  return delay < 0 ? delay + DAY_MS : delay;
}
