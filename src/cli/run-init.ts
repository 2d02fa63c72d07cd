import { firstFiles } from '../commands/init.js';
import { writeOwnFile } from '../workspace/own-files.js';
import { openCheckout } from './checkout.js';
import type { Terminal } from './terminal.js';

const NEXT = `
Next:
  ami-layers plan --offline      what would be built; needs no AWS account
  ami-layers build --sandbox     build and validate it on this machine
Then write the name of the action and your role into .github/workflows/ami-layers.yml.`;

/** `ami-layers init`; returns the exit status. */
export async function runInit(_flags: object, { out, ...place }: Terminal): Promise<number> {
  const { root, workspace } = openCheckout(place);
  for (const { path, text, isProgram } of firstFiles(workspace)) {
    // Not even over a file that came between.
    writeOwnFile(root, path, { content: text, how: 'new', mode: isProgram ? 0o755 : 0o644 });
    out(`Wrote ${path}`);
  }
  out(NEXT);
  return 0;
}
