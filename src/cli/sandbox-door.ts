import { execFileSync } from 'node:child_process';
import { resolve } from 'node:path';

/**
 * The sandbox, loaded only when somebody asks for it: the one place in src/ that knows where it is. The bundle of the
 * action has none of it.
 */
export const loadSandbox = () => import('../../sandbox/start.js');

type SandboxModule = Awaited<ReturnType<typeof loadSandbox>>;
export type Sandbox = Awaited<ReturnType<SandboxModule['startSandbox']>>;

/** A Region for whoever named none: the sandbox needs none, but every image has one. */
export const SANDBOX_REGION = 'us-west-2';

/** Where the sandbox of a repository keeps its images. */
export function sandboxDirectory(root: string): string {
  return resolve(root, '.sandbox');
}

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
