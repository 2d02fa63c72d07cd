import { z } from 'zod';
import type { Reason } from '../plan/reason.js';
import { FORMAT, LONGEST_TEXT, MOST_PROBLEMS, type PlanFile } from './plan-file.js';

/** In UTF-16 units: more than a comment can show. */
export const PLAN_FILE_LIMIT = 1_000_000;
const MOST_LAYERS = 2_000;

const text = z.string().max(LONGEST_TEXT);
const variant = z.string().regex(/^[a-z][a-z0-9-]{0,59}\/(x86_64|arm64)$/) as unknown as z.ZodType<
  Extract<Reason, { readonly kind: 'needed-by' }>['child']
>;

/** The reasons of a plan that knows no images. */
const reason = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('file-changed'),
    path: text,
    role: z.enum(['template', 'script', 'input', 'check']),
  }),
  z.strictObject({ kind: z.literal('parent-affected'), parent: text }),
  z.strictObject({ kind: z.literal('not-looked-up'), templateHash: z.string().regex(/^[0-9a-f]{64}$/) }),
  z.strictObject({ kind: z.literal('rebuild-requested') }),
  z.strictObject({ kind: z.literal('parent-rebuilt'), parent: variant }),
  z.strictObject({ kind: z.literal('needed-by'), child: variant }),
]);

const schema = z.strictObject({
  format: z.literal(FORMAT),
  layers: z
    .array(z.strictObject({ label: z.string().max(100), reasons: z.array(reason).max(MOST_LAYERS) }))
    .max(MOST_LAYERS),
  problems: z.array(z.strictObject({ message: text, fix: text, place: text.optional() })).max(MOST_PROBLEMS),
});

/** Undefined for every text that this program would not have written. */
export function parsePlanFile(content: string): PlanFile | undefined {
  if (content.length > PLAN_FILE_LIMIT) return undefined;
  try {
    const parsed = schema.safeParse(JSON.parse(content));
    return parsed.success ? { layers: parsed.data.layers, problems: parsed.data.problems } : undefined;
  } catch {
    return undefined;
  }
}
