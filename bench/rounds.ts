import { execFileSync } from 'node:child_process';

export interface Timed {
  readonly args: readonly string[];
  /** Added to this process's environment. */
  readonly env?: Readonly<Record<string, string>>;
}

/**
 * Runs every Node command in fresh processes, in turns, so that a slow moment of the machine hits all alike. Returns the
 * median wall time of each in milliseconds.
 */
export function medianTimes<Name extends string>(
  commands: Readonly<Record<Name, Timed>>,
  rounds: number,
): Record<Name, number> {
  const names = Object.keys(commands) as Name[];
  const times = Object.fromEntries(names.map((name) => [name, [] as number[]])) as Record<Name, number[]>;
  for (let round = 0; round < rounds; round += 1) {
    for (const name of names) times[name].push(timeOf(commands[name]));
  }
  return Object.fromEntries(names.map((name) => [name, median(times[name])])) as Record<Name, number>;
}

function timeOf({ args, env = {} }: Timed): number {
  const start = process.hrtime.bigint();
  execFileSync(process.execPath, args, { stdio: 'ignore', env: { ...process.env, ...env } });
  return Number(process.hrtime.bigint() - start) / 1e6;
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}
