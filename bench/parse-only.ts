// The floor: reads and parses the same files with the same library, and does nothing with them.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseDocument } from 'yaml';

const folder = join(process.argv[2] ?? '.', 'templates');
let documents = 0;
for (const name of readdirSync(folder)) {
  if (parseDocument(readFileSync(join(folder, name), 'utf8')).errors.length === 0) documents += 1;
}
console.log(`${documents} parsed`);
