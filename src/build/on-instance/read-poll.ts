import { unpack } from '../unpack.js';
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
  | { readonly kind: 'lost'; readonly number: number; readonly logBytes: number; readonly at: number }
  /** The step asked for it; the work goes on when the instance is up again. */
  | { readonly kind: 'reboot'; readonly number: number; readonly logBytes: number; readonly at: number }
  /** All steps are through, and what belongs to this instance only is removed. */
  | { readonly kind: 'sealing'; readonly logBytes: number; readonly at: number }
  | { readonly kind: 'sealed'; readonly exitCode: number; readonly logBytes: number; readonly at: number };

export interface Poll {
  /** Whether the runner works at this moment. */
  readonly alive: boolean;
  readonly logBytes: number;
  /** Where in the log `log` begins: at the offset that was asked for, or later when that part is gone. */
  readonly logFrom: number;
  /** Those that were asked for: after the ones seen before. */
  readonly events: readonly RunnerEvent[];
  /** Often only a part of what there is. */
  readonly log: Uint8Array;
}

/** The runner packs at most 12,288 bytes of a log. */
const MOST_LOG_BYTES = 65_536;

/** Reads what `runner poll` printed; undefined when it is not whole. */
export function readPoll(text: string): Poll | undefined {
  const lines = text.split('\n');
  const head = new RegExp(`^${MARKER} alive=([01]) bytes=(\\d+) from=(\\d+)$`).exec(lines[0] ?? '');
  const end = lines.findIndex((line) => line.startsWith('log '));
  if (head === null || end === -1) return undefined;
  const chunk = (lines[end] ?? '').split(' ')[2] ?? '';
  const log = unpack(Buffer.from(chunk, 'base64'), MOST_LOG_BYTES);
  if (log === undefined) return undefined;
  return {
    alive: head[1] === '1',
    logBytes: Number(head[2]),
    logFrom: Number(head[3]),
    events: lines.slice(1, end).flatMap(readEvent),
    log,
  };
}

function readEvent(line: string): readonly RunnerEvent[] {
  const [kind, ...words] = line.split(' ');
  const [number = 0, second = 0, third = 0, fourth = 0] = words.map(Number);
  switch (kind) {
    case 'start':
    case 'lost':
    case 'reboot':
      return [{ kind, number, logBytes: second, at: third }];
    case 'end':
      return [{ kind, number, exitCode: second, logBytes: third, at: fourth }];
    case 'sealing':
      return [{ kind, logBytes: second, at: third }];
    case 'sealed':
      return [{ kind, exitCode: second, logBytes: third, at: fourth }];
    default:
      return [];
  }
}
