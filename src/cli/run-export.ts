import { relative } from 'node:path';
import { exportPacker, exportUserData, type UserData } from '../commands/export.js';
import { InvalidInput } from '../diagnostics/diagnostic.js';
import { writeOwnFile } from '../workspace/own-files.js';
import { openCheckout } from './checkout.js';
import { layerQuestion } from './layer-question.js';
import type { ExportFlags } from './template-flags.js';
import type { Terminal } from './terminal.js';

/** `ami-layers export <layer>`; returns the exit status. */
export async function runExport(layer: string, flags: ExportFlags, terminal: Terminal): Promise<number> {
  const checkout = openCheckout(terminal);
  const question = { ...layerQuestion(layer, flags, checkout), architecture: flags.architecture };
  switch (flags.format) {
    case 'packer':
      write(await exportPacker(question, checkout.workspace), flags.output, terminal);
      break;
    case 'user-data':
      writeUserData(await exportUserData(question, checkout.workspace), flags.output, terminal);
      break;
  }
  return 0;
}

/** What is compressed is no text: it goes to a file only. */
function writeUserData(
  { script, bytes, isCompressed }: UserData,
  output: string | undefined,
  terminal: Terminal,
): void {
  if (!isCompressed) {
    write(script, output, terminal);
    return;
  }
  if (output === undefined) {
    const message = `the script has ${Buffer.byteLength(script)} bytes, more than user data may have, and fits only compressed`;
    throw new InvalidInput([{ code: 'bad-input', message, fix: 'give --output <file>, such as user-data.gz.' }]);
  }
  write(bytes, output, terminal);
  terminal.err(`Compressed, cloud-init unpacks it: aws ec2 run-instances --user-data fileb://${output}`);
}

function write(content: string | Uint8Array, output: string | undefined, { data, err, directory }: Terminal): void {
  if (output === undefined) {
    data(Buffer.from(content).toString().trimEnd());
    return;
  }
  const path = writeOwnFile(directory, output, { content, how: 'over' });
  err(`Wrote ${relative(directory, path)}.`);
}
