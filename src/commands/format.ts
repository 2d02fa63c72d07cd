import { InvalidInput, type Diagnostic } from '../diagnostics/diagnostic.js';
import { decodeUtf8 } from '../template/decode-utf8.js';
import { findTemplates } from '../template/find-templates.js';
import { formatTemplate } from '../template/format-template.js';
import { parseTemplate } from '../template/parse-template.js';
import type { Workspace } from '../workspace/workspace.js';

export interface FormattedTemplate {
  readonly path: string;
  readonly text: string;
  readonly isChanged: boolean;
}

/** Templates in their canonical form; writes nothing. Throws `InvalidInput` with the problems of those that are none. */
export function format(templates: readonly string[], workspace: Workspace): readonly FormattedTemplate[] {
  const found = findTemplates(workspace, templates);
  const problems: Diagnostic[] = [...found.diagnostics];
  const formatted = found.paths.flatMap((path): readonly FormattedTemplate[] => {
    const before = decodeUtf8(workspace.read(path) ?? new Uint8Array()) ?? '';
    const { diagnostics } = parseTemplate({ path, text: before });
    problems.push(...diagnostics);
    if (diagnostics.length > 0) return [];
    const text = formatTemplate(before);
    return [{ path, text, isChanged: text !== before }];
  });
  if (problems.length > 0) throw new InvalidInput(problems);
  return formatted;
}
