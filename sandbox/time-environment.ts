import { existsSync } from 'node:fs';
import type { Control } from './control.js';

/** The variables that put a Node program on this machine into the sandbox's time, from now on and at its present rate. */
export async function timeEnvironment(control: Control): Promise<Readonly<Record<string, string>>> {
  const { clock } = await control.status();
  return {
    NODE_OPTIONS: `--import=${findPreload()}`,
    SANDBOX_TIME: JSON.stringify({ realTime: Date.now(), ...clock }),
  };
}

/** Next to this file when compiled; in the build directory when run from the sources, as tests do. */
function findPreload(): string {
  const candidates = ['./live-in-sandbox-time.js', '../build/sandbox/live-in-sandbox-time.js'];
  const found = candidates.map((path) => new URL(path, import.meta.url)).find((url) => existsSync(url));
  if (found === undefined) throw new Error('the sandbox is not built. Fix: run "npm run build"');
  return found.href;
}
