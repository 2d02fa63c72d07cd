import { InvalidInput } from '../diagnostics/diagnostic.js';
import type { Workspace } from '../workspace/workspace.js';
import { FIRST_FILES } from './first-files.js';

export interface NewFile {
  /** Relative to the repository root. */
  readonly path: string;
  readonly text: string;
  readonly isProgram: boolean;
}

/** The files of a first layer; writes nothing. Throws `InvalidInput` when any of them is there already. */
export function firstFiles(workspace: Workspace): readonly NewFile[] {
  const taken = FIRST_FILES.filter(({ path }) => workspace.read(path) !== undefined);
  if (taken.length === 0) return FIRST_FILES;
  throw new InvalidInput(
    taken.map(({ path }) => ({
      code: 'bad-input',
      message: `${path} exists already, and nothing is overwritten`,
      fix: 'move it away, or go on from it: ami-layers plan --offline',
    })),
  );
}
