import { execFileSync } from 'node:child_process';

/** `https://host/owner/name.git`, `ssh://git@host/owner/name`, `git@host:owner/name.git`. */
const REMOTE_URL =
  /^(?:(?:https?|ssh|git):\/\/[^/]+\/|[^/:]+@[^/:]+:)([A-Za-z0-9_.-]+\/[A-Za-z0-9_.-]+?)(?:\.git)?\/?$/;

/** `owner/name` of the repository that a checkout is a clone of; undefined where its remote `origin` does not say. */
export function originOf(root: string): string | undefined {
  try {
    const url = execFileSync('git', ['config', '--get', 'remote.origin.url'], {
      cwd: root,
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    return repositoryOf(url.toString().trim());
  } catch {
    return undefined;
  }
}

export function repositoryOf(url: string): string | undefined {
  return REMOTE_URL.exec(url)?.[1];
}
