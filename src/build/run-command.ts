import type { Command, CommandView } from './cloud.js';
import type { BuildContext } from './context.js';
import { failed } from './failed.js';
import { createHeartbeat } from './heartbeat.js';
import { untilItEnds, type OnInstance } from './instance-waits.js';

export type CommandEnd = NonNullable<CommandView['ended']>;

/** SSM takes up to ten minutes to hand a command over, and ends it when its own time is up: then ours is too. */
const GRACE_MS = 11 * 60_000;

/** Runs one command on the instance and waits for its end, whatever its exit code. */
export async function runCommand(
  on: OnInstance,
  command: Omit<Command, 'instanceId'>,
  context: BuildContext,
): Promise<CommandEnd> {
  const { cloud, watch } = context;
  const id = await cloud.sendCommand({ ...command, instanceId: on.instanceId });
  const beat = createHeartbeat(on.key, context);
  return untilItEnds(on, context, (abandon) =>
    watch.commands.wait(id, {
      until: (view) => {
        beat(`"${command.comment}" runs`);
        return view?.ended;
      },
      timeoutMs: command.timeoutSeconds * 1000 + GRACE_MS,
      abandon,
      onTimeout: () =>
        failed({
          phase: on.phase,
          message: `"${command.comment}" on ${on.instanceId} gave no answer in ${command.timeoutSeconds} s`,
          fix: 'the agent may have died (out of memory, a full disk); try a larger instance type or volume.',
        }),
    }),
  );
}

/** The last lines of a command's output, for an error message. */
export function lastLines(text: string, count = 40): readonly string[] {
  return text
    .trimEnd()
    .split(/\r\n|\r|\n/)
    .slice(-count);
}
