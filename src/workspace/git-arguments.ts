import { existsSync, realpathSync } from 'node:fs';
import { dirname, join, sep } from 'node:path';

type Environment = Readonly<Record<string, string | undefined>>;

export interface GitStart {
  /** In front of every other argument. */
  readonly leading: readonly string[];
  /** The whole environment of git. */
  readonly env: Environment;
}

/** A variable of git's environment with nothing in it, for settings that are to be empty. */
export const EMPTY_VARIABLE = 'AMI_LAYERS_EMPTY';

/** Of GIT_ALLOW_PROTOCOL: no remote is asked anything. */
export const NO_PROTOCOL = 'none';

/**
 * What every git of ours is started with: a repository is somebody's text, and nothing of it may run. No hook and no
 * file system monitor of its configuration; no bare repository that lies in a folder as if it were one; no object that
 * another replaces or that git would first have to fetch, which would run what the repository reaches its remote with. Who
 * means to fetch says so.
 */
export function gitStart(directory: string, env: Environment): GitStart {
  const settings = [
    'core.fsmonitor=false',
    'core.hooksPath=/dev/null',
    'safe.bareRepository=explicit',
    ...trustedRepository(directory, env),
  ];
  return {
    leading: ['--no-pager', ...settings.flatMap((setting) => ['-c', setting])],
    env: {
      ...env,
      [EMPTY_VARIABLE]: '',
      // The older git that knows no GIT_NO_LAZY_FETCH knows this.
      GIT_ALLOW_PROTOCOL: NO_PROTOCOL,
      GIT_NO_LAZY_FETCH: '1',
      GIT_NO_REPLACE_OBJECTS: '1',
      GIT_OPTIONAL_LOCKS: '0',
      GIT_TERMINAL_PROMPT: '0',
    },
  };
}

/**
 * In a container job the checkout belongs to another user than the job's, and git would refuse to look at it. The
 * workspace of a job is its own, whoever wrote it; everywhere else a repository of another user is for git to refuse.
 */
function trustedRepository(directory: string, env: Environment): readonly string[] {
  const { GITHUB_ACTIONS: actions, GITHUB_WORKSPACE: workspace } = env;
  if (actions !== 'true' || workspace === undefined) return [];
  const allowed = tryRealpath(workspace);
  const root = rootAround(tryRealpath(directory));
  if (allowed === undefined || root === undefined) return [];
  return root === allowed || root.startsWith(allowed + sep) ? [`safe.directory=${root}`] : [];
}

function rootAround(folder: string | undefined): string | undefined {
  if (folder === undefined || existsSync(join(folder, '.git'))) return folder;
  const above = dirname(folder);
  return above === folder ? undefined : rootAround(above);
}

function tryRealpath(path: string): string | undefined {
  try {
    return realpathSync(path);
  } catch {
    return undefined;
  }
}
