import { z } from 'zod';

/** The first line of a comment, invisible to readers: whose it is, and how new. */
export interface Marker {
  /** Tells several comments on one pull request apart (the `comment-id` input). */
  readonly id: string;
  readonly run: number;
  readonly attempt: number;
  /** The commit it speaks of, abbreviated; empty when unknown. */
  readonly sha: string;
  readonly state: 'planned' | 'done';
}

const VERSION = 1;

const MARKER = z.object({
  v: z.literal(VERSION),
  id: z.string(),
  run: z.number(),
  attempt: z.number(),
  sha: z.string(),
  state: z.enum(['planned', 'done']),
});

export function renderMarker({ id, run, attempt, sha, state }: Marker): string {
  // In JSON an angle bracket may be written as an escape; so no id can close the HTML comment early.
  const json = JSON.stringify({ v: VERSION, id, run, attempt, sha, state });
  return `<!-- ami-layers ${json.replaceAll('<', '\\u003c').replaceAll('>', '\\u003e')} -->`;
}

/** The marker of a comment of this tool; undefined for every other text. */
export function parseMarker(body: string): Marker | undefined {
  const json = /^<!-- ami-layers (\{.*\}) -->(?:\r?\n|$)/.exec(body)?.[1];
  if (json === undefined) return undefined;
  const parsed = MARKER.safeParse(parseJson(json));
  if (!parsed.success) return undefined;
  const { id, run, attempt, sha, state } = parsed.data;
  return { id, run, attempt, sha, state };
}

/** Whether `a` was written by a later run than `b`, or a later attempt of the same run. */
export function isNewer(a: Marker, b: Marker): boolean {
  return a.run > b.run || (a.run === b.run && a.attempt > b.attempt);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
