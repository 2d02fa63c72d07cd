import { relative, resolve, sep } from 'node:path';
import { createFsWorkspace } from '../workspace/fs-workspace.js';
import type { Workspace } from '../workspace/workspace.js';
import { repositoryRoot } from './repository-root.js';
import type { Terminal } from './terminal.js';

/** The repository that a command of the terminal works in. */
export interface Checkout {
  readonly root: string;
  readonly workspace: Workspace;
  /** A path as the user typed it → relative to the repository root, with forward slashes. */
  readonly fromRoot: (path: string) => string;
}

export function openCheckout(terminal: Pick<Terminal, 'directory' | 'env'>): Checkout {
  const root = repositoryRoot(terminal);
  return {
    root,
    workspace: createFsWorkspace(root),
    fromRoot: (path) => relative(root, resolve(terminal.directory, path)).split(sep).join('/'),
  };
}
