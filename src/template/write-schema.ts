import { renderJsonSchema } from './json-schema.js';

// `npm run schema` sends this to schema/template.schema.json.
process.stdout.write(renderJsonSchema());
