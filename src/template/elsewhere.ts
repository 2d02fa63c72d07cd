import { createHash } from 'node:crypto';
import type { Diagnostic, Span } from '../diagnostics/diagnostic.js';
import type { LayerFiles } from './layer-files.js';
import type { Layer } from './layer.js';

/** What came of asking for a template that is not in the repository. */
export type Fetched = { readonly bytes: Uint8Array } | { readonly problem: string };

/** Whether a template is not in the repository: its path is a URL then. */
export function isElsewhere(path: string): boolean {
  return path.startsWith('https://');
}

/** The template that was pinned, or undefined after saying why it is not there. */
export function pinnedBytes(
  url: string,
  fetched: Fetched,
  { span, report }: { readonly span: Span; readonly report: (diagnostic: Diagnostic) => void },
): Uint8Array | undefined {
  const [where = '', pinned = ''] = url.split('#sha256=');
  if ('problem' in fetched) {
    report({
      code: 'unknown-parent',
      message: `${where} could not be fetched: ${fetched.problem}`,
      fix: 'correct the URL, or copy the template into the repository.',
      span,
    });
    return undefined;
  }
  const found = createHash('sha256').update(fetched.bytes).digest('hex');
  if (found === pinned) return fetched.bytes;
  report({
    code: 'unknown-parent',
    message: `${where} is not what was pinned: its SHA-256 is another`,
    fix: 'read what is there now; when it describes the image, pin its digest (sha256sum says it).',
    span,
  });
  return undefined;
}

/**
 * The files of a template elsewhere: none is fetched. Nothing of it runs on a builder, so its steps may name them all
 * the same.
 */
export const FILES_ELSEWHERE: LayerFiles = {
  readScript: ({ written }) => ({ path: written, text: `# ${written}, which is not in this repository\n` }),
  readInputs: () => undefined,
};

/** Why a template elsewhere does not say everything that counts for the layers on its image. */
export function elsewhereProblems({ parent, validation }: Layer): readonly Diagnostic[] {
  const fix = 'publish what `ami-layers show --resolved` prints for the layer: it stands alone.';
  const { script, inputsSpan } = validation;
  return [
    ...(parent.kind === 'base' && parent.description === undefined
      ? []
      : [
          { code: 'bad-value', message: 'a template elsewhere cannot extend another', fix, span: parent.span } as const,
        ]),
    ...(script === undefined
      ? []
      : [
          {
            code: 'bad-value',
            message: `the script ${script.path} of a template elsewhere is not fetched, but would have to run`,
            fix,
            span: script.span,
          } as const,
        ]),
    ...(inputsSpan === undefined
      ? []
      : [
          {
            code: 'bad-value',
            message: 'the inputs of checks of a template elsewhere are not fetched, but its checks would need them',
            fix,
            span: inputsSpan,
          } as const,
        ]),
  ];
}
