import { gunzipSync } from 'node:zlib';
import { MARKER } from './layout.js';

/** Something that happened to a step. Numbers are 1-based, `logBytes` is the log's length at that moment. */
export type RunnerEvent =
  | { readonly kind: 'start'; readonly number: number; readonly logBytes: number; readonly at: number }
  | {
      readonly kind: 'end';
      readonly number: number;
      readonly exitCode: number;
      readonly logBytes: number;
      readonly at: number;
    }
  /** It had begun and has no end: the instance went down in it, or something ended the runner. */
  | { readonly kind: 'lost'; readonly number: number; readonly logBytes: number; readonly at: number };

export interface Poll {
  /** Whether the runner works at this moment. */
  readonly alive: boolean;
  readonly logBytes: number;
  /** Those that were asked for: after the ones seen before. */
  readonly events: readonly RunnerEvent[];
  /** The log from the offset that was asked for; often only a part of what there is. */
  readonly log: Uint8Array;
}

/** Reads what `runner poll` printed; undefined when it is not whole. */
export function readPoll(text: string): Poll | undefined {
  const lines = text.split('\n');
  const head = new RegExp(`^${MARKER} alive=([01]) bytes=(\\d+)$`).exec(lines[0] ?? '');
  const end = lines.findIndex((line) => line.startsWith('log '));
  if (head === null || end === -1) return undefined;
  const chunk = (lines[end] ?? '').split(' ')[2] ?? '';
  try {
    return {
      alive: head[1] === '1',
      logBytes: Number(head[2]),
      events: lines.slice(1, end).flatMap(readEvent),
      log: gunzipSync(Buffer.from(chunk, 'base64')),
    };
  } catch {
    return undefined;
  }
}

function readEvent(line: string): readonly RunnerEvent[] {
  const [kind, ...words] = line.split(' ');
  const [number = 0, second = 0, third = 0, fourth = 0] = words.map(Number);
  switch (kind) {
    case 'start':
    case 'lost':
      return [{ kind, number, logBytes: second, at: third }];
    case 'end':
      return [{ kind, number, exitCode: second, logBytes: third, at: fourth }];
    default:
      return [];
  }
}
