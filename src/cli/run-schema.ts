import { renderJsonSchema } from '../template/json-schema.js';
import type { Terminal } from './terminal.js';

/** `ami-layers schema`: what editors complete and check templates with; returns the exit status. */
export async function runSchema(_flags: object, { out }: Terminal): Promise<number> {
  out(renderJsonSchema().trimEnd());
  return 0;
}
