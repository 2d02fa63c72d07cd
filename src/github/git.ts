import { execFile } from 'node:child_process';

/** What git answered. Never thrown: in a repository that is not as expected, every answer is worth a try. */
export type GitAnswer =
  | { readonly ok: true; readonly text: string }
  /** Why not, in one line of git's own words. */
  | { readonly ok: false; readonly why: string };

export type Git = (...args: readonly string[]) => Promise<GitAnswer>;

const MOST_OUTPUT_BYTES = 256 * 1024 * 1024;
const GIT_TIMEOUT_MS = 60_000;

/** git in a directory. Nothing is read by a shell, and nothing is fetched. */
export function makeGit(directory: string): Git {
  return (...args) =>
    new Promise((resolve) => {
      execFile(
        'git',
        // In a container job the checkout belongs to another user, and git refuses to look at it.
        ['-c', 'safe.directory=*', '-c', 'core.quotepath=off', ...args],
        { cwd: directory, maxBuffer: MOST_OUTPUT_BYTES, timeout: GIT_TIMEOUT_MS },
        (error, stdout, stderr) => {
          if (error === null) {
            resolve({ ok: true, text: stdout });
            return;
          }
          const [line] = (stderr.trim() || error.message).split('\n');
          resolve({ ok: false, why: line ?? error.message });
        },
      );
    });
}
