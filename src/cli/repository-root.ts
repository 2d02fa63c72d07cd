import { execFileSync } from 'node:child_process';

/** The git repository around the folder, or the folder itself. */
export function repositoryRoot(directory: string): string {
  try {
    const output = execFileSync('git', ['rev-parse', '--show-toplevel'], {
      cwd: directory,
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    return output.toString().trim();
  } catch {
    return directory;
  }
}
