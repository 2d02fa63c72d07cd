import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const FOLDER = join(import.meta.dirname, '../fixtures/seeds');

/** A snippet from the texts that the template language was made for, as it stands there. */
export function seedSnippet(name: string): string {
  return readFileSync(join(FOLDER, `${name}.yaml`), 'utf8');
}

/** A layer's name is part of image names, so a title cannot be one; the diagnostic says this name. */
export function withLayerName(snippet: string): string {
  return snippet.replace('"Python ML (Optimized)"', 'python-ml-optimized');
}
