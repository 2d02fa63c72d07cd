import { locationOf, type Diagnostic } from '../../src/diagnostics/diagnostic.js';
import { renderDiagnostics } from '../../src/diagnostics/render-diagnostic.js';
import { linkLayers } from '../../src/graph/link-layers.js';
import { computeHashes } from '../../src/plan/template-hash.js';
import { loadTemplates } from '../../src/template/load-templates.js';
import type { Workspace } from '../../src/workspace/workspace.js';

const PATH = 'templates/fuzz/fuzz.yaml';

/** Has every file that a template may name, so that its layer can be made. */
const neighbours: Workspace = {
  read: () => Buffer.from('exit 0\n'),
  isExecutable: () => false,
  links: () => new Map(),
  fetch: () => Promise.reject(new Error('mutated templates fetch nothing')),
  glob: (patterns) => patterns.map((pattern) => pattern.replaceAll(/[*?[\]{}()!]/g, 'x')),
};

export type Tried =
  | { readonly kind: 'layer' }
  | { readonly kind: 'problems'; readonly codes: readonly string[] }
  /** What must not happen: an exception, silence, or a diagnostic that points nowhere. */
  | { readonly kind: 'broken'; readonly why: string };

/** A text as the only template: read, linked, hashed, and its problems rendered. */
export function tryTemplate(text: string): Tried {
  try {
    const bytes = Buffer.from(text);
    const workspace = { ...neighbours, read: (path: string) => (path === PATH ? bytes : neighbours.read(path)) };
    const loaded = loadTemplates({ workspace, templates: [PATH] });
    const linked = linkLayers(loaded.layers, { brokenTemplates: loaded.brokenTemplates });
    computeHashes(linked.graph);
    const diagnostics = [...loaded.diagnostics, ...linked.diagnostics];
    renderDiagnostics(diagnostics);
    const wrong = diagnostics.find((diagnostic) => !isSound(diagnostic));
    if (wrong !== undefined)
      return { kind: 'broken', why: `a diagnostic that is not sound: ${JSON.stringify(wrong.message)}` };
    const hasLayer = loaded.layers.some(({ templatePath }) => templatePath === PATH);
    if (hasLayer && loaded.diagnostics.length === 0) return { kind: 'layer' };
    if (diagnostics.length > 0) return { kind: 'problems', codes: diagnostics.map(({ code }) => code) };
    return { kind: 'broken', why: 'neither a layer nor a problem' };
  } catch (error) {
    return { kind: 'broken', why: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
}

function isSound({ message, fix, span }: Diagnostic): boolean {
  if (message === '' || fix === '' || span === undefined) return false;
  const { offset, length, source } = span;
  return offset >= 0 && length >= 0 && offset + length <= source.text.length && /:\d+:\d+$/.test(locationOf(span));
}
