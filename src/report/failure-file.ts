import { z } from 'zod';
import { PHASES, type Outcome } from '../build/outcome.js';
import type { SourceFile, Span } from '../diagnostics/diagnostic.js';
import type { BuildPlan } from '../plan/build-plan.js';
import { logTail } from './failures.js';
import { shorten } from './untrusted.js';

type FailedOutcome = Extract<Outcome, { readonly kind: 'failed' }>;

/** A layer that failed in a job of the run. */
export interface FailedLayer {
  readonly outcome: FailedOutcome;
  /** When that job began, in milliseconds since the epoch. */
  readonly startedAt: number;
}

const LONGEST_TEXT = 1_000;

const place = z.strictObject({ path: z.string(), offset: z.number().nonnegative(), length: z.number().nonnegative() });

const schema = z.strictObject({
  phase: z.enum(PHASES),
  message: z.string(),
  fix: z.string(),
  step: z
    .strictObject({
      name: z.string(),
      index: z.number(),
      count: z.number(),
      exitCode: z.number().optional(),
      place: place.optional(),
    })
    .optional(),
  logTail: z.array(z.string()),
  imageId: z.string().optional(),
  durationMs: z.number().nonnegative(),
  startedAt: z.number().nonnegative(),
});

type FailureFile = z.output<typeof schema>;

/** Why a layer failed, for a later job that has the same templates: places in them go without their text. */
export function writeFailureFile({ outcome, startedAt }: FailedLayer): string {
  const { failure, imageId, durationMs } = outcome;
  const { phase, message, fix, step } = failure;
  const file: FailureFile = {
    phase,
    message: shorten(message, LONGEST_TEXT),
    fix: shorten(fix, LONGEST_TEXT),
    step: step === undefined ? undefined : { ...stepOf(step), place: placeOf(step.span) },
    logTail: [...logTail(failure)],
    imageId,
    durationMs,
    startedAt,
  };
  return JSON.stringify(file);
}

/** Undefined for every text that no job of this program would have written. */
export function parseFailureFile(content: string, plan: BuildPlan): FailedLayer | undefined {
  const parsed = parse(content);
  if (parsed === undefined) return undefined;
  const { phase, message, fix, step, logTail: lines, imageId, durationMs, startedAt } = parsed;
  const failedStep = step === undefined ? undefined : { ...stepOf(step), span: spanOf(step.place, plan) };
  const failure = { phase, message, fix, step: failedStep, logTail: lines };
  return { outcome: { kind: 'failed', failure, imageId, durationMs }, startedAt };
}

function parse(content: string): FailureFile | undefined {
  try {
    return schema.safeParse(JSON.parse(content)).data;
  } catch {
    return undefined;
  }
}

interface Named {
  readonly name: string;
  readonly index: number;
  readonly count: number;
  readonly exitCode?: number | undefined;
}

function stepOf({ name, index, count, exitCode }: Named) {
  return { name, index, count, exitCode };
}

function placeOf(span: Span | undefined): z.output<typeof place> | undefined {
  return span === undefined ? undefined : { path: span.source.path, offset: span.offset, length: span.length };
}

/** A check may be an ancestor's, so that its place is in another template of the plan. */
function spanOf(written: z.output<typeof place> | undefined, { items }: BuildPlan): Span | undefined {
  if (written === undefined) return undefined;
  const sources = items.map(({ node }): SourceFile => node.layer.spans.template.source);
  const source = sources.find(({ path }) => path === written.path);
  return source === undefined ? undefined : { source, offset: written.offset, length: written.length };
}
