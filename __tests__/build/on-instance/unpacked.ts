import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Bundle } from '../../../src/build/bundle.js';

/** A bundle as it lies on an instance, but in a temporary folder instead of where it belongs. */
export interface Unpacked {
  readonly root: string;
  /** Runs one of its programs as the agent does: no HOME, nothing on standard input. */
  readonly run: (program: string, ...args: readonly string[]) => ProgramEnd;
  readonly remove: () => void;
}

export interface ProgramEnd {
  readonly status: number | null;
  readonly output: string;
  readonly errorOutput: string;
}

/** Without what would seal or end the machine the tests run on. */
export function unpack({ archive }: Bundle): Unpacked {
  const root = mkdtempSync(join(tmpdir(), 'ami-bundle-'));
  execFileSync('tar', ['-xz', '-C', root], { input: archive });
  for (const file of ['seal', 'deadline']) rmSync(join(root, file), { force: true });
  return {
    root,
    run: (name, ...args) => {
      const environment = { PATH: '/usr/local/bin:/usr/bin:/bin' };
      const { status, stdout, stderr } = spawnSync(join(root, name), args, { env: environment, encoding: 'utf8' });
      return { status, output: stdout, errorOutput: stderr };
    },
    remove: () => {
      rmSync(root, { recursive: true });
    },
  };
}
