import { z } from 'zod';
import { templateSchema } from './schema.js';

/** The JSON Schema of the template language, for editors; `schema/template.schema.json` is this text. */
export function renderJsonSchema(): string {
  const schema = { title: 'ami-layers template', ...z.toJSONSchema(templateSchema, { io: 'input' }) };
  return `${JSON.stringify(schema, null, 2)}\n`;
}
