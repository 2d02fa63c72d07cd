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

/** Older entries are forgotten beyond this many, so that a long-lived daemon stays small. */
const KEPT_ENTRIES = 20_000;

export function makeJournal(now: () => number): Journal {
  const entries: JournalEntry[] = [];
  let sequence = 0;
  return {
    begin: ({ service, operation, caller }, requestId) => {
      sequence += 1;
      const entry: Mutable<JournalEntry> = {
        sequence,
        time: now(),
        service,
        operation,
        region: caller.region,
        accessKeyId: caller.accessKeyId,
        requestId,
        parameters: undefined,
        result: undefined,
        message: undefined,
      };
      entries.push(entry);
      if (entries.length > KEPT_ENTRIES) entries.shift();
      return {
        parameters: (parameters) => {
          entry.parameters = parameters;
        },
        end: (result, message) => {
          entry.result = result;
          entry.message = message;
        },
      };
    },
    read: (after, limit) => entries.filter((entry) => entry.sequence > after).slice(0, limit),
  };
}
