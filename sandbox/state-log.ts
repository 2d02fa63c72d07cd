import { appendFileSync, existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { emptyState, RECORD_DEFAULTS, type SandboxState } from './state.js';

/**
 * The state on disk: a log with one line for each changed record, `[table, key, record]`, without the record when it is
 * gone; `[name, null, value]` for what is not a table. So a change costs as much as the record is long, however many
 * others there are. The log is written anew when most of its lines are outdated.
 */
export interface StateLog {
  readonly state: SandboxState;
  /** Notes that a record, or without a key the whole part, was changed or removed. On disk at the end of this tick. */
  readonly changed: (part: StatePart, key?: string) => void;
}

export type StatePart = keyof SandboxState;

/** Beyond as many outdated lines as there are records, and these, the log is written anew. */
const SPARE_LINES = 5000;

/** @throws Error when the log is there and cannot be read: better no sandbox than one that forgot its images. */
export function openStateLog(directory: string): StateLog {
  const file = path.join(directory, 'state.log');
  const state = readState(directory, file);
  let spareLines = compact(file, state);
  let pending = new Map<string, readonly [StatePart, string | undefined]>();

  const flush = (): void => {
    const lines = [...pending.values()].map(([part, key]) => lineOf(state, part, key));
    pending = new Map();
    spareLines -= lines.length;
    if (spareLines < 0) spareLines = compact(file, state);
    else appendFileSync(file, lines.join(''), { mode: 0o600 });
  };
  return {
    state,
    changed: (part, key) => {
      if (pending.size === 0) queueMicrotask(flush);
      pending.set(`${part} ${key ?? ''}`, [part, key]);
    },
  };
}

function readState(directory: string, file: string): SandboxState {
  const state = emptyState();
  if (existsSync(file)) {
    const text = readFileSync(file, 'utf8');
    // What follows the last line's end was being written when the daemon died: its request was never answered.
    const complete = text.slice(0, text.lastIndexOf('\n') + 1);
    for (const line of complete.split('\n')) if (line !== '') replay(state, JSON.parse(line) as LogLine);
    return state;
  }
  const whole = path.join(directory, 'state.json');
  if (!existsSync(whole)) return state;
  const parts = JSON.parse(readFileSync(whole, 'utf8')) as Record<string, unknown>;
  for (const [part, value] of Object.entries(parts)) if (part in state) replay(state, [part as StatePart, null, value]);
  return state;
}

type LogLine = readonly [part: StatePart, key: string | null, value?: unknown];

function replay(state: SandboxState, [part, key, value]: LogLine): void {
  const parts = state as unknown as Record<string, Record<string, unknown>>;
  if (part === 'baseBytes') {
    state.baseBytes = typeof value === 'number' ? value : undefined;
  } else if (key === null) {
    parts[part] = {};
    for (const [each, record] of Object.entries(value as object)) replay(state, [part, each, record]);
  } else if (value === undefined) {
    delete parts[part]?.[key];
  } else {
    parts[part] = Object.assign(parts[part] ?? {}, { [key]: { ...RECORD_DEFAULTS[part], ...(value as object) } });
  }
}

function lineOf(state: SandboxState, part: StatePart, key: string | undefined): string {
  const whole: unknown = state[part];
  if (key === undefined) return `${JSON.stringify([part, null, whole ?? null])}\n`;
  const record = (whole as Readonly<Record<string, unknown>>)[key];
  return `${JSON.stringify(record === undefined ? [part, key] : [part, key, record])}\n`;
}

/** Renamed into place, so that there is a whole log at any time. Returns how many lines may be added before the next. */
function compact(file: string, state: SandboxState): number {
  const lines = Object.entries(state).flatMap(([part, value]) => {
    if (part === 'baseBytes') return lineOf(state, part, undefined);
    return Object.keys(value as object).map((key) => lineOf(state, part as StatePart, key));
  });
  writeFileSync(`${file}.new`, lines.join(''), { mode: 0o600 });
  renameSync(`${file}.new`, file);
  rmSync(path.join(path.dirname(file), 'state.json'), { force: true });
  return lines.length + SPARE_LINES;
}
