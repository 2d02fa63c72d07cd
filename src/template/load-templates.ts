import type { Diagnostic, SourceFile, Span } from '../diagnostics/diagnostic.js';
import type { Workspace } from '../workspace/workspace.js';
import { decodeUtf8 } from './decode-utf8.js';
import { findTemplates } from './find-templates.js';
import { elsewhereProblems, FILES_ELSEWHERE, isElsewhere, pinnedBytes, type Fetched } from './elsewhere.js';
import { createLayerFiles, missingFile, type LayerFiles } from './layer-files.js';
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
  /** What came of asking for the templates elsewhere that an earlier call found to be `unfetched`. */
  readonly elsewhere?: ReadonlyMap<string, Fetched>;
}

export interface LoadedTemplates {
  /** Every template without a problem of its own, sorted by path. */
  readonly layers: readonly Layer[];
  readonly diagnostics: readonly Diagnostic[];
  /** Paths of the templates that have problems: layers that extend them are not wrong for that. */
  readonly brokenTemplates: readonly string[];
  /** URLs of templates that images are described by. */
  readonly unfetched: readonly string[];
}

/**
 * Reads templates, the templates they extend or have their image described by, and the scripts and inputs of them all.
 * Every problem of every file is found in one go. Reads one file after the other: for small files that is faster than
 * promises.
 */
export function loadTemplates(options: LoadOptions): LoadedTemplates {
  const reading = loadInSteps(options);
  let step = reading.next();
  while (step.done !== true) step = reading.next();
  return step.value;
}

/** The same, giving its caller a turn before each file. */
export function* loadInSteps({
  workspace,
  templates,
  maxTemplateBytes = 262_144,
  elsewhere = new Map(),
}: LoadOptions): Generator<undefined, LoadedTemplates> {
  const found = findTemplates(workspace, templates);
  const diagnostics: Diagnostic[] = [...found.diagnostics];
  const report = (diagnostic: Diagnostic) => diagnostics.push(diagnostic);
  const files = createLayerFiles(workspace, report);
  const layers: Layer[] = [];
  const brokenTemplates: string[] = [];

  // A set goes on to what is added while it is walked: the templates that others extend join at its end.
  const paths = new Set(found.paths);
  const descriptions = new Map<string, Span>();
  for (const path of paths) {
    yield;
    const layer = readLayer(path, workspace.read(path), files);
    if (layer !== undefined) follow(layer, (parent) => paths.add(parent));
  }
  for (const [path, span] of descriptions) {
    yield;
    if (paths.has(path)) continue;
    if (isElsewhere(path)) {
      readElsewhere(path, span);
      continue;
    }
    const layer = readLayer(path, workspace.read(path), files);
    if (layer !== undefined) follow(layer, (parent) => descriptions.set(parent, layer.parent.span));
  }
  const made = layers.map((layer) =>
    paths.has(layer.templatePath) ? layer : { ...layer, name: layer.templatePath, onlyDescribes: true },
  );
  const unfetched = [...descriptions.keys()].filter((path) => isElsewhere(path) && !elsewhere.has(path));
  return { layers: made.sort(byPath), diagnostics, brokenTemplates, unfetched };

  function readLayer(path: string, bytes: Uint8Array | undefined, named: LayerFiles): Layer | undefined {
    const problemsBefore = diagnostics.length;
    const source = readSource(path, bytes ?? new Uint8Array());
    const parsed = source === undefined ? undefined : parseTemplate(source);
    diagnostics.push(...(parsed?.diagnostics ?? []));
    if (parsed?.wrong !== undefined) readNamedFiles(parsed.wrong, named);
    const layer = parsed?.layer === undefined ? undefined : makeLayer(parsed.layer, { files: named, report });
    if (layer !== undefined && isElsewhere(path)) diagnostics.push(...elsewhereProblems(layer));
    if (layer === undefined || diagnostics.length > problemsBefore) brokenTemplates.push(path);
    else layers.push(layer);
    return layer;
  }

  function readElsewhere(url: string, span: Span): void {
    const fetched = elsewhere.get(url);
    const bytes = fetched === undefined ? undefined : pinnedBytes(url, fetched, { span, report });
    if (bytes === undefined) return;
    readLayer(url, bytes, FILES_ELSEWHERE);
  }

  function readSource(path: string, bytes: Uint8Array): SourceFile | undefined {
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

  function follow({ parent }: Layer, extended: (path: string) => void): void {
    const named = parent.kind === 'base' ? parent.description : parent.kind === 'file' ? parent : undefined;
    if (named === undefined || paths.has(named.path)) return;
    if (!isElsewhere(named.path) && workspace.read(named.path) === undefined)
      report({ ...missingFile(workspace, named.path, named.span), code: 'unknown-parent' });
    else if (parent.kind === 'file') extended(named.path);
    else descriptions.set(named.path, named.span);
  }
}

function byPath(a: Layer, b: Layer): number {
  return a.templatePath < b.templatePath ? -1 : a.templatePath > b.templatePath ? 1 : 0;
}
