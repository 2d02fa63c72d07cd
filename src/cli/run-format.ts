import { format } from '../commands/format.js';
import { writeOwnFile } from '../workspace/own-files.js';
import { openCheckout } from './checkout.js';
import type { FormatFlags } from './template-flags.js';
import type { Terminal } from './terminal.js';

/** `ami-layers fmt [path…]`; returns the exit status: 1 when a check finds something to do. */
export async function runFormat(
  paths: readonly string[],
  flags: FormatFlags,
  { out, err, ...place }: Terminal,
): Promise<number> {
  const { root, workspace, fromRoot } = openCheckout(place);
  const formatted = format((paths.length > 0 ? paths : ['templates']).map(fromRoot), workspace);
  const changed = formatted.filter(({ isChanged }) => isChanged);
  for (const { path, text } of changed) {
    if (flags.check !== true) writeOwnFile(root, path, { content: text, how: 'over' });
    out(path);
  }
  if (flags.check !== true || changed.length === 0) return 0;
  err(`${changed.length} of ${formatted.length} templates are not in canonical form.\nFix: run ami-layers fmt.`);
  return 1;
}
