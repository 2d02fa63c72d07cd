import type { BuildContext } from './context.js';
import { failed } from './failed.js';
import type { OnInstance } from './instance-waits.js';
import { readSealEnd, sealScript } from './on-instance/seal.js';
import { lastLines, runCommand } from './run-command.js';

/** Removes from the builder what belongs to this one instance. Throws `LayerFailed` when it finds credentials. */
export async function seal(on: OnInstance, allow: readonly string[], context: BuildContext): Promise<void> {
  const timeoutSeconds = context.budgets.sealTimeoutMs / 1000;
  const end = await runCommand(on, { comment: 'ami-layers: seal', script: sealScript(allow), timeoutSeconds }, context);
  const { kind, output } = readSealEnd(end.output);
  switch (kind) {
    case 'done':
      return;
    case 'secrets':
      throw failed({
        phase: on.phase,
        message: 'a step left credentials or private keys on the disk; an image must not carry them',
        fix: 'remove them at the end of the step that makes them, or list them under `seal.allow` if they belong in the image.',
        logTail: lastLines(output),
      });
    case 'unknown':
      throw failed({
        phase: on.phase,
        message: `the clean-up before imaging did not finish (${end.detail})`,
        fix: 'see the last lines of its output.',
        logTail: lastLines(`${output}\n${end.errorOutput}`),
      });
  }
}
