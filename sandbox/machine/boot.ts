import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import type { Base } from './base.js';
import { BOOT_SCRIPT, INIT_SCRIPT } from './boot-script.js';
import type { Way } from './network.js';
import { TOOL_ENVIRONMENT } from './run-tool.js';
import { inUserNamespace } from './user-namespace.js';

/** A machine that is on. */
export interface Machine {
  /** Of its pid 1, as the daemon sees it. */
  readonly pid: number;
  readonly bootId: string;
  /** It has a network namespace of its own. */
  readonly hasNetwork: boolean;
  /** Settles when its last program is gone and its file system is at rest. */
  readonly off: Promise<void>;
  /** Asks every program to end, then takes the machine down. */
  readonly shutDown: () => void;
  /** Takes it down at once, as a power cut. */
  readonly cutPower: () => void;
}

export interface BootOptions {
  readonly storePath: string;
  /** The instance's own directory in the store, relative; holds its writable layer. */
  readonly directory: string;
  readonly hostname: string;
  readonly base: Base;
  /** The image's layers on it, topmost first, relative to the store. */
  readonly layers: readonly string[];
  readonly onConsole: (text: string) => void;
  /** A program on the machine wrote a line to /run/initctl, as shutdown, reboot and sandbox-sleep do. */
  readonly onCall: (line: string) => void;
  /** Gives it a network of its own, with that address; without it the machine has the daemon's. */
  readonly connect?: { readonly own: string; readonly to: (pid: number) => Promise<Way> };
}

/** A machine may not set the clock, load kernel modules or touch raw hardware: those are not its own. */
export const BOUNDED = ['--bounding-set', '-sys_time,-sys_module,-sys_rawio,-wake_alarm,-syslog'] as const;

/**
 * Boots a machine over a stack of layers; resolves when it is up. `setpriv --pdeathsig` and `unshare --kill-child` chain its
 * life to the daemon's: however the daemon ends, the kernel ends the machine.
 *
 * @throws Error with the console's last words when it does not come up.
 */
export async function boot(options: BootOptions): Promise<Machine> {
  const { storePath, directory, hostname, base, layers, connect } = options;
  await mkdir(path.join(storePath, directory, 'upper'), { recursive: true });
  await mkdir(path.join(storePath, directory, 'root'), { recursive: true });
  // The kernel wants it empty, and the last boot's may still be in use for an instant.
  await rm(path.join(storePath, directory, 'work'), { recursive: true, force: true });
  await mkdir(path.join(storePath, directory, 'work'));
  const lower = [base.initLayer, ...layers, ...base.layers].join(':');
  // What an overlay notes at files is for root alone; in a user namespace it has to be the user's.
  const notes = inUserNamespace() ? ',userxattr' : '';
  const mount = `lowerdir=${lower},upperdir=${directory}/upper,workdir=${directory}/work${notes}`;
  const [program, ...args] = [
    // prettier-ignore
    ...['setpriv', '--pdeathsig', 'KILL', ...BOUNDED, '--',
      'unshare', '--mount', '--propagation', 'private', '--pid', '--uts', '--ipc', ...(connect === undefined ? [] : ['--net']),
      '--fork', '--kill-child', '--',
      'sh', '-c', BOOT_SCRIPT, 'init', hostname, `${directory}/root`, mount, INIT_SCRIPT, connect?.own ?? ''],
  ];
  const child = spawn(program ?? 'setpriv', args, {
    cwd: storePath,
    env: TOOL_ENVIRONMENT,
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
    detached: true,
  });
  let lastWords = '';
  const listen = (chunk: Buffer): void => {
    lastWords = (lastWords + chunk.toString()).slice(-2000);
    options.onConsole(chunk.toString());
  };
  child.stdout?.on('data', listen);
  child.stderr?.on('data', listen);
  const off = once(child, 'exit').then(() => undefined);
  const booted = await firstLine(child, options.onCall);
  const [, pid, bootId] = /^booted (\d+) (\S+)$/.exec(booted ?? '') ?? [];
  if (pid === undefined || bootId === undefined) {
    child.kill('SIGKILL');
    throw new Error(`the machine did not boot: ${lastWords.trim() || 'it said nothing'}`);
  }
  const way = await connect?.to(Number(pid)).catch((error: unknown) => {
    child.kill('SIGKILL');
    throw error;
  });
  void off.then(() => way?.close());
  const kill = (signal: NodeJS.Signals): void => signalIfAlive(Number(pid), signal, child);
  return {
    pid: Number(pid),
    bootId,
    hasNetwork: way !== undefined,
    off,
    shutDown: () => kill('SIGTERM'),
    cutPower: () => kill('SIGKILL'),
  };
}

/** The `booted` line, or undefined when the pipe closed before it; later lines are calls of shutdown. */
function firstLine(child: ChildProcess, onLater: (line: string) => void): Promise<string | undefined> {
  const lines = createInterface({ input: child.stdio[3] as Readable });
  return new Promise((resolve) => {
    lines.once('line', (line) => {
      lines.on('line', onLater);
      resolve(line);
    });
    lines.once('close', () => resolve(undefined));
  });
}

/** A pid is only ours while the process that started it runs. */
function signalIfAlive(pid: number, signal: NodeJS.Signals, parent: ChildProcess): void {
  if (parent.exitCode !== null || parent.signalCode !== null) return;
  try {
    process.kill(pid, signal);
  } catch (error) {
    const isGone = error instanceof Error && 'code' in error && error.code === 'ESRCH';
    if (!isGone) throw error;
  }
}
