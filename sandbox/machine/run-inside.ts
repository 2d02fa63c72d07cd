import { spawn } from 'node:child_process';
import type { Machine } from './boot.js';
import { BOUNDED } from './boot.js';
import { TOOL_ENVIRONMENT } from './run-tool.js';

export interface RunInsideOptions {
  readonly program: readonly [string, ...string[]];
  /** The whole environment; nothing of the daemon's is added. */
  readonly environment: Readonly<Record<string, string>>;
  readonly input: string;
  readonly onStdout: (chunk: Buffer) => void;
  readonly onStderr: (chunk: Buffer) => void;
}

export type ProgramEnd =
  { readonly kind: 'exited'; readonly code: number } | { readonly kind: 'killed'; readonly signal: NodeJS.Signals };

export interface RunningProgram {
  /**
   * Settles when the program has ended *and* nobody holds its output open any more: the SSM agent waits for both
   * (Go's exec.Cmd.Wait with writers, agent/executers/executers.go), so a background child that kept them blocks it.
   */
  readonly ended: Promise<ProgramEnd>;
  /** SIGKILL to its process group; a child in a session of its own survives. */
  readonly killGroup: () => void;
}

/** Runs a program as root on a machine that is on. */
export function runInside(machine: Machine, options: RunInsideOptions): RunningProgram {
  const { program, environment, input, onStdout, onStderr } = options;
  const assignments = Object.entries(environment).map(([name, value]) => `${name}=${value}`);
  const [first, ...args] = [
    // prettier-ignore
    ...['setpriv', ...BOUNDED, '--', 'nsenter', '--target', String(machine.pid), '--mount', '--pid', '--uts', '--ipc',
      ...(machine.hasNetwork ? ['--net'] : []), '--',
      'env', '-i', ...assignments, ...program],
  ];
  const child = spawn(first ?? 'setpriv', args, {
    env: TOOL_ENVIRONMENT,
    cwd: '/',
    stdio: ['pipe', 'pipe', 'pipe'],
    detached: true,
  });
  child.stdout.on('data', onStdout);
  child.stderr.on('data', onStderr);
  // A program that ends without reading its input closes the pipe; its exit code says what matters.
  child.stdin.on('error', () => undefined);
  child.stdin.end(input);
  const ended = new Promise<ProgramEnd>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) =>
      resolve(signal === null ? { kind: 'exited', code: code ?? 1 } : { kind: 'killed', signal }),
    );
  });
  const killGroup = (): void => {
    if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
    process.kill(-child.pid, 'SIGKILL');
  };
  return { ended, killGroup };
}
