import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';

const ACTION = z.object({ inputs: z.record(z.string(), z.object({ default: z.string() })) });

/** The inputs as a user who sets none of them has them. */
export const DEFAULT_INPUTS: Readonly<Record<string, string>> = Object.fromEntries(
  Object.entries(ACTION.parse(parse(readFileSync(join(import.meta.dirname, '..', 'action.yml'), 'utf8'))).inputs).map(
    ([name, input]) => [name, input.default],
  ),
);
