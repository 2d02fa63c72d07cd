import { InvalidInput, type Diagnostic } from '../diagnostics/diagnostic.js';
import type { Environment } from '../github/event.js';
import { SETTINGS_FILE } from '../template/repository-settings.js';
import { compareWithCommit, type ForeignFile } from '../workspace/committed-files.js';
import type { Workspace } from '../workspace/workspace.js';

export interface FilesAsked {
  readonly directory: string;
  readonly env: Environment;
  readonly committedOnly: boolean;
}

export interface Files {
  readonly workspace: Workspace;
  /** Throws `InvalidInput`, naming each file that was read and is not as the run's commit has it. */
  readonly refuseForeign: () => void;
}

const MOST_NAMED = 20;

/**
 * The files that a run builds from. Where its images are to be trusted as the default branch's own code is, what lies in
 * the checkout is no proof: a job may have unpacked or checked out anything over it.
 */
export function filesOf(workspace: Workspace, { directory, env, committedOnly }: FilesAsked): Files {
  if (!committedOnly) return { workspace, refuseForeign: () => undefined };
  const commit = env.GITHUB_SHA ?? '';
  const compared = compareWithCommit(workspace, { root: directory, commit, env });
  // It was read before anybody knew that it has to be checked.
  compared.workspace.read(SETTINGS_FILE);
  return {
    workspace: compared.workspace,
    refuseForeign: () => {
      const foreign = compared.foreign();
      if (foreign.length > 0) throw new InvalidInput(diagnosticsOf(foreign, commit));
    },
  };
}

function diagnosticsOf(foreign: readonly ForeignFile[], commit: string): readonly Diagnostic[] {
  const more = foreign.length - MOST_NAMED;
  return foreign.slice(0, MOST_NAMED).map(({ path, why }, index) => ({
    code: 'bad-input',
    message:
      `${path} ${why}: this run's images are trusted as those of ${commit.slice(0, 12)}` +
      (index === MOST_NAMED - 1 && more > 0 ? `; ${more} more files are like it` : ''),
    fix:
      'check out the commit of the run and change nothing in it; for a file that the job has to generate, set ' +
      '`allow-uncommitted: true`: what is built then is trusted like a pull request, and does not become latest.',
  }));
}
