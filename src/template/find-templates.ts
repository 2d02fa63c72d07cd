import { posix } from 'node:path';
import type { Diagnostic } from '../diagnostics/diagnostic.js';
import { matchOrReport } from '../diagnostics/pattern-diagnostic.js';
import type { Workspace } from '../workspace/workspace.js';
import { isGlob, literal } from './repository-path.js';

export interface FoundTemplates {
  /** Relative to the repository root, each once, in the order of the patterns. */
  readonly paths: readonly string[];
  readonly diagnostics: readonly Diagnostic[];
}

const TEMPLATE_FILE = /\.ya?ml$/;

/**
 * Template files for `templates`: files, glob patterns, and folders, which mean every .yaml and .yml file below them
 * that is in no hidden folder (a repository's `.github` is full of YAML).
 */
export function findTemplates(workspace: Workspace, templates: readonly string[]): FoundTemplates {
  const paths = new Set<string>();
  const diagnostics: Diagnostic[] = [];
  for (const written of templates) {
    const path = posix.normalize(written).replace(/\/$/, '');
    if (path === '..' || path.startsWith('../') || posix.isAbsolute(path)) {
      diagnostics.push({
        code: 'outside-repository',
        message: `"${written}" in \`templates\` leaves the repository`,
        fix: 'name files, folders or patterns relative to the repository root.',
      });
      continue;
    }
    const found = matchOrReport(() => filesFor(workspace, path), {
      report: (diagnostic) => diagnostics.push(diagnostic),
    });
    if (found === undefined) continue;
    for (const file of found) paths.add(file);
    if (found.length > 0) continue;
    diagnostics.push({
      code: 'missing-file',
      message: `"${written}" matches no .yaml or .yml file`,
      fix:
        'write a template there (`ami-layers init` writes a first one), or correct `templates` (--templates, -t): ' +
        'files, folders and glob patterns from the repository root.',
    });
  }
  return { paths: [...paths], diagnostics };
}

/** A name that exists comes before a pattern. */
function filesFor(workspace: Workspace, path: string): readonly string[] {
  if (workspace.read(path) !== undefined) return [path];
  const inFolder = workspace.glob([posix.join(literal(path), '**/*.{yaml,yml}')]).filter(
    (file) =>
      !posix
        .relative(path, file)
        .split('/')
        .some((part) => part.startsWith('.')),
  );
  if (inFolder.length > 0 || !isGlob(path)) return inFolder;
  return workspace.glob([path]).filter((file) => TEMPLATE_FILE.test(file));
}
