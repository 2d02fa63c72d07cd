import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Missing } from './missing.js';

/** GitHub draws with a version of mermaid 11. Its package brings a hundred others, of which its one minified file needs none. */
const VERSION = '11.17.0';
const SHA512 = 'Jo9N377Wb4MSnHFPTbLi2SxFpsQl4eVHoxnW5U1Md9EazvgMp3s+4ohDxr81YNTgbn5Kj7HJ3yslrSJ52kwpbA==';
const TIMEOUT_MS = 60_000;

/** The path of mermaid's minified file in `cache`, fetched with npm the first time, or why there is none. */
export async function prepareMermaid(cache: string): Promise<string | Missing> {
  const file = join(cache, `mermaid-${VERSION}.min.js`);
  if (existsSync(file)) return file;
  await mkdir(cache, { recursive: true });
  const draft = await mkdtemp(join(cache, 'mermaid-'));
  try {
    const run = promisify(execFile);
    await run('npm', ['pack', `mermaid@${VERSION}`, '--pack-destination', draft], { timeout: TIMEOUT_MS });
    const archive = join(draft, `mermaid-${VERSION}.tgz`);
    const digest = createHash('sha512')
      .update(await readFile(archive))
      .digest('base64');
    if (digest !== SHA512) return { missing: `mermaid ${VERSION} is not what it was: sha512 ${digest}` };
    await run('tar', ['-xzf', archive, '-C', draft, 'package/dist/mermaid.min.js']);
    await rename(join(draft, 'package/dist/mermaid.min.js'), file);
    return file;
  } catch (error) {
    return { missing: `mermaid could not be installed: ${String(error).split('\n', 1)[0] ?? ''}` };
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
}
