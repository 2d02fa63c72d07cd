import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';

const ActionFile = z.object({
  inputs: z
    .record(z.string(), z.object({ default: z.coerce.string().optional(), required: z.boolean().optional() }))
    .default({}),
  outputs: z.record(z.string(), z.object({ description: z.string().optional() })).default({}),
  runs: z.object({ using: z.string(), main: z.string(), post: z.string().optional() }),
});

export type ActionFile = z.infer<typeof ActionFile>;

/** Reads action.yml from the action's folder. Throws when there is none, or when it is not a JavaScript action's. */
export function readActionFile(folder: string): ActionFile {
  return ActionFile.parse(parse(readFileSync(join(folder, 'action.yml'), 'utf8')));
}

/**
 * `INPUT_*` as the runner passes them: every declared input, with its default where the workflow says nothing. Names are
 * in upper case with underscores for spaces; a hyphen stays. An undeclared input is passed on too, as the runner does after a warning.
 */
export function inputVariables(
  file: ActionFile,
  inputs: Readonly<Record<string, string>>,
  token: string,
): Record<string, string> {
  const defaults = Object.entries(file.inputs).map(([name, input]) => [name, evaluate(input.default ?? '', token)]);
  const values = { ...Object.fromEntries(defaults), ...inputs } as Record<string, string>;
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [`INPUT_${name.replaceAll(' ', '_').toUpperCase()}`, value]),
  );
}

/** The one expression that defaults use. Throws on any other, rather than pass it on as text. */
function evaluate(text: string, token: string): string {
  return text.replace(/\$\{\{\s*(.*?)\s*\}\}/g, (_, expression: string) => {
    if (expression === 'github.token') return token;
    throw new Error(`action.yml: the local runner cannot evaluate \${{ ${expression} }}, only github.token`);
  });
}
