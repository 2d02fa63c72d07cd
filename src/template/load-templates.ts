import type { Diagnostic, SourceFile } from '../diagnostics/diagnostic.js';
import type { Workspace } from '../workspace/workspace.js';
import { decodeUtf8 } from './decode-utf8.js';
import { findTemplates } from './find-templates.js';
import { createLayerFiles, missingFile } from './layer-files.js';
import type { Layer } from './layer.js';
import { makeLayer } from './make-layer.js';
import { readNamedFiles } from './named-files.js';
import { parseTemplate } from './parse-template.js';

export interface LoadOptions {
  readonly workspace: Workspace;
  /** Files, folders or glob patterns, relative to the repository root. */
  readonly templates: readonly string[];
  /** Larger files are refused: they are no templates. */
  readonly maxTemplateBytes?: number;
}

export interface LoadedTemplates {
  /** Every template without a problem of its own, sorted by path. */
  readonly layers: readonly Layer[];
  readonly diagnostics: readonly Diagnostic[];
  /** Paths of the templates that have problems: layers that extend them are not wrong for that. */
  readonly brokenTemplates: readonly string[];
}

/**
 * Reads templates, the templates they extend (wherever those are), and the scripts and inputs of them all. Every
 * problem of every file is found in one go. Reads one file after the other: for small files that is faster than
 * promises.
 */
export function loadTemplates({ workspace, templates, maxTemplateBytes = 1_048_576 }: LoadOptions): LoadedTemplates {
  const found = findTemplates(workspace, templates);
  const diagnostics: Diagnostic[] = [...found.diagnostics];
  const report = (diagnostic: Diagnostic) => diagnostics.push(diagnostic);
  const files = createLayerFiles(workspace, report);
  const layers: Layer[] = [];
  const brokenTemplates: string[] = [];

  // A set goes on to what is added while it is walked: the templates that others extend join at its end.
  const paths = new Set(found.paths);
  for (const path of paths) {
    const problemsBefore = diagnostics.length;
    const source = readSource(path);
    const parsed = source === undefined ? undefined : parseTemplate(source);
    diagnostics.push(...(parsed?.diagnostics ?? []));
    if (parsed?.wrong !== undefined) readNamedFiles(parsed.wrong, files);
    const layer = parsed?.layer === undefined ? undefined : makeLayer(parsed.layer, { files, report });
    if (layer === undefined || diagnostics.length > problemsBefore) brokenTemplates.push(path);
    else layers.push(layer);
    if (layer !== undefined) followParent(layer);
  }
  return { layers: layers.sort(byPath), diagnostics, brokenTemplates };

  function readSource(path: string): SourceFile | undefined {
    const bytes = workspace.read(path) ?? new Uint8Array();
    const text = bytes.length > maxTemplateBytes ? undefined : decodeUtf8(bytes);
    if (text !== undefined) return { path, text };
    const tooLarge = bytes.length > maxTemplateBytes;
    report({
      code: tooLarge ? 'too-large' : 'not-text',
      message: tooLarge
        ? `the template has ${bytes.length} bytes, more than ${maxTemplateBytes}`
        : 'the template is not UTF-8 text',
      fix: `${tooLarge ? '' : 'save it as UTF-8, or '}move it out of the folder if it is no template, or narrow \`templates\`.`,
      span: { source: { path, text: '' }, offset: 0, length: 0 },
    });
    return undefined;
  }

  function followParent({ parent }: Layer): void {
    if (parent.kind !== 'file' || paths.has(parent.path)) return;
    if (workspace.read(parent.path) !== undefined) paths.add(parent.path);
    else report({ ...missingFile(workspace, parent.path, parent.span), code: 'unknown-parent' });
  }
}

function byPath(a: Layer, b: Layer): number {
  return a.templatePath < b.templatePath ? -1 : a.templatePath > b.templatePath ? 1 : 0;
}
