import { appendFileSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import type { AwsRequest } from './wire/aws-request.js';

/** One AWS call as it was made and answered. */
export interface JournalEntry {
  /** 1 for the daemon's first call, then upwards without gaps. */
  readonly sequence: number;
  /** Milliseconds since the epoch. */
  readonly time: number;
  readonly service: string;
  readonly operation: string;
  readonly region: string;
  readonly account: string;
  readonly accessKeyId: string;
  readonly requestId: string;
  /** Undefined when the request could not be decoded. */
  readonly parameters: unknown;
  /** `OK`, AWS's error code, or what a fault did; undefined while the call runs. */
  readonly result: string | undefined;
  readonly message: string | undefined;
}

type Mutable<Type> = { -readonly [Key in keyof Type]: Type[Key] };

export interface OpenEntry {
  readonly parameters: (parameters: unknown) => void;
  readonly end: (result: string, message?: string) => void;
}

export interface Journal {
  readonly begin: (request: AwsRequest, requestId: string) => OpenEntry;
  /** Entries after that sequence number, oldest first. */
  readonly read: (after: number, limit: number) => readonly JournalEntry[];
}

export interface JournalOptions {
  /** Made anew: a journal tells of one life of the daemon. */
  readonly directory: string;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Characters after which a file is full, and how many full ones are kept before the oldest goes. */
  readonly fileCharacters?: number;
  readonly keptFiles?: number;
}

interface JournalFile {
  readonly firstSequence: number;
  readonly path: string;
  characters: number;
}

/** In memory are only the calls that have not ended, and those after the oldest of them; the rest is on disk, in order. */
export function makeJournal(options: JournalOptions): Journal {
  const { directory, now, fileCharacters = 1_048_576, keptFiles = 64 } = options;
  rmSync(directory, { recursive: true, force: true });
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const files: JournalFile[] = [];
  const open: Mutable<JournalEntry>[] = [];
  let sequence = 0;

  const write = (entry: JournalEntry): void => {
    let file = files.at(-1);
    if (file === undefined || file.characters >= fileCharacters) {
      file = { firstSequence: entry.sequence, path: path.join(directory, `${entry.sequence}.jsonl`), characters: 0 };
      files.push(file);
      if (files.length > keptFiles) rmSync(files.shift()?.path ?? '', { force: true });
    }
    const line = `${JSON.stringify(entry)}\n`;
    file.characters += line.length;
    appendFileSync(file.path, line, { mode: 0o600 });
  };
  const writeEnded = (): void => {
    while (open[0]?.result !== undefined) write(open.shift() as JournalEntry);
  };
  return {
    begin: ({ service, operation, caller }, requestId) => {
      sequence += 1;
      const entry: Mutable<JournalEntry> = {
        sequence,
        time: now(),
        service,
        operation,
        region: caller.region,
        account: caller.account,
        accessKeyId: caller.accessKeyId,
        requestId,
        parameters: undefined,
        result: undefined,
        message: undefined,
      };
      open.push(entry);
      return {
        parameters: (parameters) => {
          entry.parameters = parameters;
        },
        end: (result, message) => {
          entry.result = result;
          entry.message = message;
          writeEnded();
        },
      };
    },
    read: (after, limit) => {
      const found: JournalEntry[] = [];
      const first = files.findLastIndex(({ firstSequence }) => firstSequence <= after + 1);
      for (const file of files.slice(Math.max(first, 0))) {
        if (found.length >= limit) break;
        found.push(...readFile(file).filter((entry) => entry.sequence > after));
      }
      return [...found, ...open.filter((entry) => entry.sequence > after)].slice(0, limit);
    },
  };
}

function readFile(file: JournalFile): readonly JournalEntry[] {
  const lines = readFileSync(file.path, 'utf8').split('\n');
  return lines.filter((line) => line !== '').map((line) => JSON.parse(line) as JournalEntry);
}
