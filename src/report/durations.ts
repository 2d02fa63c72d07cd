const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** `0.4 s`, `42 s`, `7 m 12 s`, `9 m`, `41 m`, `1 h 10 m`: as precise as somebody who waited wants to know. Milliseconds in. */
export function formatDuration(ms: number): string {
  const time = Math.max(0, ms);
  if (time < 9_950) return `${(time / SECOND).toFixed(1)} s`;
  const seconds = Math.round(time / SECOND);
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 600 && seconds % 60 > 0) return `${Math.floor(seconds / 60)} m ${pad(seconds % 60)} s`;
  const minutes = Math.round(time / MINUTE);
  if (minutes < 60) return `${minutes} m`;
  return `${Math.floor(minutes / 60)} h ${pad(minutes % 60)} m`;
}

/** An estimate: `≈ 6 m`, `≈ 1 h 10 m`; no more precise than that. Milliseconds in. */
export function formatEstimate(ms: number): string {
  return `≈ ${formatDuration(Math.max(1, Math.round(ms / MINUTE)) * MINUTE)}`;
}

/** For a sentence: `42 seconds`, `1 minute`, `70 minutes`. Milliseconds in. */
export function spellDuration(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / SECOND));
  return seconds < 100 ? plural(seconds, 'second') : plural(Math.round(seconds / 60), 'minute');
}

/** How old something is, in its largest unit: `12 s`, `5 m`, `3 h`, `6 d`. Milliseconds in. */
export function formatAge(ms: number): string {
  const age = Math.max(0, ms);
  if (age < MINUTE) return `${Math.floor(age / SECOND)} s`;
  if (age < HOUR) return `${Math.floor(age / MINUTE)} m`;
  if (age < DAY) return `${Math.floor(age / HOUR)} h`;
  return `${Math.floor(age / DAY)} d`;
}

/** `1 layer`, `2 layers`. */
export function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

function pad(value: number): string {
  return String(value).padStart(2, '0');
}
