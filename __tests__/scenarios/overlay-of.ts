import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** A folder to lay over the base image, with programs by their paths: the text of each is run by bash. */
export function overlayOf(programs: Readonly<Record<string, string>>): string {
  const overlay = mkdtempSync(join(tmpdir(), 'ami-overlay-'));
  for (const [path, text] of Object.entries(programs)) {
    mkdirSync(dirname(join(overlay, path)), { recursive: true });
    writeFileSync(join(overlay, path), `#!/bin/bash\n${text}\n`, { mode: 0o755 });
  }
  return overlay;
}
