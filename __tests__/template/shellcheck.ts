import { spawnSync } from 'node:child_process';
import { temporaryFolder } from '../workspace/temporary-folder.js';

export const HAS_SHELLCHECK = spawnSync('shellcheck', ['--version']).status === 0;

/** What shellcheck has to say of scripts, by name. Files that they read on the instance are not here to be followed. */
export function shellcheck(scripts: Readonly<Record<string, string>>): string {
  const files = Object.entries(scripts).map(([name, script]) => [name.replaceAll(/\W+/g, '-'), asRun(script)] as const);
  const args = ['--format=gcc', '--exclude=SC1091', '--', ...files.map(([name]) => name)];
  const { stdout, stderr } = spawnSync('shellcheck', args, {
    cwd: temporaryFolder(Object.fromEntries(files)),
    encoding: 'utf8',
  });
  return stdout + stderr;
}

/** A script as it is run: bash, strict, unless it says itself what runs it. */
function asRun(script: string): string {
  return script.startsWith('#!') ? script : `#!/bin/bash\nset -euo pipefail\n${script}`;
}
