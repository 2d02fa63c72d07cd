import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { resolveInside } from './resolve-inside.js';
import { SHUTDOWN_NAMES, SHUTDOWN_SHIM } from './shutdown-request.js';
import { SLEEP_NAME, SLEEP_SHIM } from './sleep-request.js';

/** `shutdown` and its kin and `sandbox-sleep`, where the system in `root` has its own. */
export async function makeInitLayer(layer: string, root: string): Promise<void> {
  const directory = path.join(layer, path.relative(root, resolveInside(root, 'sbin')));
  await mkdir(directory, { recursive: true });
  const shims = [...SHUTDOWN_NAMES.map((name) => [name, SHUTDOWN_SHIM] as const), [SLEEP_NAME, SLEEP_SHIM] as const];
  for (const [name, shim] of shims) await writeFile(path.join(directory, name), shim, { mode: 0o755 });
}
