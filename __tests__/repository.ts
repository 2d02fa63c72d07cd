import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { LayerGraph } from '../src/graph/layer-graph.js';
import { linkLayers, type Linked } from '../src/graph/link-layers.js';
import { loadTemplates } from '../src/template/load-templates.js';
import { createFsWorkspace } from '../src/workspace/fs-workspace.js';
import type { Workspace } from '../src/workspace/workspace.js';

/** Text of files by path. */
export type Files = Readonly<Record<string, string>>;

export interface Repository {
  readonly root: string;
  readonly workspace: Workspace;
  readonly write: (files: Files) => void;
  /** Commits everything, as a checkout has it; returns the commit. */
  readonly commit: () => string;
  readonly remove: () => void;
}

const GIT_SETTINGS = ['-c', 'user.name=Ada', '-c', 'user.email=ada@example.com', '-c', 'commit.gpgsign=false'];

/** A real folder with real files. */
export function createRepository(files: Files): Repository {
  const root = mkdtempSync(join(tmpdir(), 'ami-layers-'));
  const write = (more: Files): void => {
    for (const [path, text] of Object.entries(more)) {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      writeFileSync(join(root, path), text);
    }
  };
  write(files);
  return {
    root,
    workspace: createFsWorkspace(root),
    write,
    commit: () => {
      const git = (...args: readonly string[]): string =>
        execFileSync('git', [...GIT_SETTINGS, ...args], { cwd: root, encoding: 'utf8' }).trim();
      git('init', '--quiet');
      git('add', '--all');
      git('commit', '--quiet', '--allow-empty', '--message', 'files');
      return git('rev-parse', 'HEAD');
    },
    remove: () => {
      rmSync(root, { recursive: true });
    },
  };
}

/** What linking the templates of a folder gives. The files are gone when it returns. */
export function link(files: Files): Linked {
  const repository = createRepository(files);
  try {
    const loaded = loadTemplates({ workspace: repository.workspace, templates: ['templates'] });
    const { graph, diagnostics } = linkLayers(loaded.layers, { brokenTemplates: loaded.brokenTemplates });
    return { graph, diagnostics: [...loaded.diagnostics, ...diagnostics] };
  } finally {
    repository.remove();
  }
}

/** The graph of templates without problems. */
export function graphOf(files: Files): LayerGraph {
  const { graph, diagnostics } = link(files);
  if (diagnostics.length > 0) throw new Error(diagnostics.map((diagnostic) => diagnostic.message).join('\n'));
  return graph;
}
