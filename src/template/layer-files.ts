import { createHash } from 'node:crypto';
import { posix } from 'node:path';
import type { Diagnostic, Span } from '../diagnostics/diagnostic.js';
import { matchOrReport } from '../diagnostics/pattern-diagnostic.js';
import { closest } from '../lib/closest.js';
import { makeGlob } from '../lib/glob.js';
import { memoize } from '../lib/memoize.js';
import { isGitsOwn } from '../workspace/is-gits-own.js';
import { lfsDigest } from '../workspace/lfs-pointer.js';
import type { Workspace } from '../workspace/workspace.js';
import { decodeUtf8 } from './decode-utf8.js';
import type { InputFile } from './layer.js';
import { hasWindowsLines, isWindowsScript } from './windows-lines.js';
import { isGlob, literal, repositoryPath, repositoryPattern } from './repository-path.js';

/** A file as a template names it. */
export interface Mention {
  readonly templatePath: string;
  readonly written: string;
  readonly span: Span;
}

/** The files that layers are made from, as one repository has them. */
export interface LayerFiles {
  /** The text of a script, or undefined after saying why not. */
  readonly readScript: (mention: Mention) => { readonly path: string; readonly text: string } | undefined;
  /** The files that a glob pattern (or the name of a file or folder) stands for, or undefined after saying why not. */
  readonly readInputs: (mention: Mention) => FoundInputs | undefined;
}

export interface FoundInputs {
  /** The pattern that finds them, from the repository root. */
  readonly glob: string;
  /** Below it, files keep their folders; undefined: what was named is one file. */
  readonly folder: string | undefined;
  readonly files: readonly InputFile[];
}

type Hashed = Omit<InputFile, 'relativePath'> | { readonly problem: (span: Span) => Diagnostic };

interface Searched extends Pick<FoundInputs, 'glob' | 'folder'> {
  readonly paths: readonly string[];
}

/** Reads a workspace; what is wrong goes to `report`. A file that several layers share is hashed once. */
export function createLayerFiles(workspace: Workspace, report: (diagnostic: Diagnostic) => void): LayerFiles {
  const isPointer = (bytes: Uint8Array): boolean =>
    workspace.largeFiles !== 'pointers' && lfsDigest(bytes) !== undefined;

  const hashFile = memoize((path: string): Hashed | undefined => {
    const bytes = workspace.read(path);
    if (bytes === undefined) return undefined;
    if (isPointer(bytes)) return { problem: (span) => pointerOfLfs(path, span) };
    if (isWindowsScript(path, bytes)) return { problem: (span) => windowsLineEnds(path, span) };
    const sha256 = lfsDigest(bytes) ?? createHash('sha256').update(bytes).digest('hex');
    return { path, sha256, executable: workspace.isExecutable(path), bytes: bytes.length };
  });

  function locate({ templatePath, written, span }: Mention): string | undefined {
    const path = repositoryPath(templatePath, written);
    if (path === undefined) report(outsideRepository(written, span));
    return path;
  }

  /** A name that exists comes before a pattern, and a file before a folder. */
  function search(path: string, { templatePath, written }: Mention): Searched {
    const name = literal(path);
    if (workspace.read(path) !== undefined) return { glob: name, folder: undefined, paths: [path] };
    const inFolder = posix.join(name, '**');
    const below = workspace.glob([inFolder]);
    if (below.length > 0 || !isGlob(written)) return { glob: inFolder, folder: path, paths: below };
    const glob = repositoryPattern(templatePath, written);
    return { glob, folder: makeGlob(glob).folder, paths: workspace.glob([glob]) };
  }

  return {
    readScript: (mention) => {
      const path = locate(mention);
      if (path === undefined) return undefined;
      const bytes = workspace.read(path);
      if (bytes === undefined) {
        report(missingFile(workspace, path, mention.span));
        return undefined;
      }
      if (isPointer(bytes)) {
        report(pointerOfLfs(path, mention.span));
        return undefined;
      }
      const text = decodeUtf8(bytes);
      if (text !== undefined && hasWindowsLines(text)) {
        report(windowsLineEnds(path, mention.span));
        return undefined;
      }
      if (text !== undefined && text.trim() !== '') return { path, text };
      const problem = text === undefined ? 'is not UTF-8 text' : 'is empty';
      report({
        code: text === undefined ? 'not-text' : 'empty-step',
        message: `the script ${path} ${problem}`,
        fix: text === undefined ? 'save it as UTF-8, or name the right file.' : 'write it, or remove the step.',
        span: mention.span,
      });
      return undefined;
    },
    readInputs: (mention) => {
      const path = locate(mention);
      if (path === undefined) return undefined;
      const found = matchOrReport(() => search(path, mention), { span: mention.span, report });
      if (found === undefined) return undefined;
      const { glob, folder, paths } = found;
      if (paths.length === 0) {
        const isPattern = isGlob(mention.written);
        report(isPattern ? nothingMatches(path, mention.span) : missingFile(workspace, path, mention.span));
        return undefined;
      }
      const files = paths.flatMap((path) => {
        const file = hashFile(path);
        if (file === undefined) return [];
        if ('problem' in file) {
          report(file.problem(mention.span));
          return [];
        }
        return [{ ...file, relativePath: posix.relative(posix.dirname(mention.templatePath), path) }];
      });
      return { glob, folder, files };
    },
  };
}

export function outsideRepository(written: string, span: Span): Diagnostic {
  return {
    code: 'outside-repository',
    message: isGitsOwn(written) ? `"${written}" is what git keeps for itself` : `"${written}" leaves the repository`,
    fix: 'copy the file into the repository; a leading `/` means its root.',
    span,
  };
}

export function missingFile(workspace: Workspace, path: string, span: Span): Diagnostic {
  const search = (pattern: string): readonly string[] =>
    matchOrReport(() => workspace.glob([pattern]), { report: () => undefined }) ?? [];
  const beside = search(posix.join(literal(posix.dirname(path)), '*'));
  const near = closest(path, beside) ?? search(`**/${literal(posix.basename(path))}`)[0];
  return {
    code: 'missing-file',
    message: `${path} does not exist`,
    fix: near === undefined ? 'create it, or correct the path.' : `did you mean ${near}?`,
    span,
  };
}

function windowsLineEnds(path: string, span: Span): Diagnostic {
  return {
    code: 'windows-line-ends',
    message: `the lines of the script ${path} end as on Windows, which no shell on Linux understands`,
    fix: 'save it with the line ends of Unix (LF); in .gitattributes, `*.sh text eol=lf` keeps them.',
    span,
  };
}

function pointerOfLfs(path: string, span: Span): Diagnostic {
  return {
    code: 'missing-file',
    message: `of ${path}, only the pointer of Git LFS is here, not the file`,
    fix: '`git lfs pull` brings it; in a workflow, `lfs: true` for actions/checkout.',
    span,
  };
}

function nothingMatches(path: string, span: Span): Diagnostic {
  const fix = 'correct the pattern, or remove it; patterns are relative to the template.';
  return { code: 'missing-file', message: `no file matches ${path}`, fix, span };
}
