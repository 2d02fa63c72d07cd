import { spawnSync } from 'node:child_process';
import { InvalidInput } from '../diagnostics/diagnostic.js';
import { gitStart } from '../workspace/git-arguments.js';
import type { Terminal } from './terminal.js';

/**
 * The git repository around the folder, or the folder itself.
 *
 * @throws InvalidInput when git refuses a repository because another user owns it.
 */
export function repositoryRoot({ directory, env }: Pick<Terminal, 'directory' | 'env'>): string {
  const start = gitStart(directory, env);
  const { status, stdout, stderr } = spawnSync('git', [...start.leading, 'rev-parse', '--show-toplevel'], {
    cwd: directory,
    // The words of a refusal are looked for.
    env: { ...start.env, LC_ALL: 'C' },
    encoding: 'utf8',
  });
  if (status === 0) return stdout.trim();
  const [, refused] = /detected dubious ownership in repository at '(.*)'/.exec(stderr) ?? [];
  if (refused === undefined) return directory;
  throw new InvalidInput([
    {
      code: 'bad-input',
      message: `git refuses the repository at ${refused}: another user owns it, who could have written hooks and settings into it`,
      fix: `run ami-layers as its owner; or, when you trust it: git config --global --add safe.directory ${refused}`,
    },
  ]);
}
