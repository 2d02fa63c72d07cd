import { runInside } from '../machine/run-inside.js';
import { parseShutdown } from '../machine/shutdown-request.js';
import { parseSleep, WAKE_SCRIPT, type SleepRequest } from '../machine/sleep-request.js';
import type { World } from '../world.js';
import type { RunningInstance } from './running-instance.js';

export interface InstanceCall {
  readonly running: RunningInstance;
  /** What a program wrote to /run/initctl. */
  readonly line: string;
  readonly onReboot: () => void;
  readonly onPowerOff: () => void;
}

/** `shutdown -h +60` and its kin, and `sandbox-sleep`, called by a program on the machine. Anything else is ignored. */
export function answerInstanceCall(world: World, call: InstanceCall): void {
  const { running, line, onReboot, onPowerOff } = call;
  const sleep = parseSleep(line);
  if (sleep !== undefined) {
    world.after(sleep.ms, () => wake(running, sleep));
    return;
  }
  const request = parseShutdown(line, new Date(world.now()));
  if (request === undefined) return;
  running.shutdownTimer?.cancel();
  if (request.kind === 'cancel') return;
  running.shutdownTimer = world.after(request.afterMs, () => {
    if (running.next !== undefined) return;
    if (request.action === 'reboot') onReboot();
    else onPowerOff();
  });
}

function wake({ machine }: RunningInstance, { fifo }: SleepRequest): void {
  if (machine === undefined || machine.pid === 0) return;
  const { ended } = runInside(machine, {
    program: ['sh', '-c', WAKE_SCRIPT, 'wake', fifo],
    environment: {},
    input: '',
    onStdout: () => undefined,
    onStderr: () => undefined,
  });
  // A sleeper that was killed, or its machine, waits for nothing any more.
  void ended.catch(() => undefined);
}
