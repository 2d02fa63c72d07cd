import { spawn } from 'node:child_process';
import { makeCommandFiles, type CollectedFiles } from './command-files.js';
import { readLines } from './read-lines.js';
import { makeStepLog, maskSecrets, type Annotation } from './step-log.js';

export interface Step {
  /** The script that Node runs, an absolute path. */
  readonly script: string;
  /** The process's working directory: the checkout. */
  readonly directory: string;
  /** Everything the process gets but the command files. */
  readonly environment: Readonly<Record<string, string>>;
  /** RUNNER_TEMP. */
  readonly temp: string;
  readonly masks: Set<string>;
  /** Each line as the log shows it, as it comes. */
  readonly onLine: (line: string) => void;
  /** Aborted: the step is cancelled as the runner cancels it. */
  readonly signal: AbortSignal;
  readonly grace: Grace;
}

/** How long a cancelled step may take, in milliseconds. */
export interface Grace {
  /** From SIGINT to SIGTERM. */
  readonly toTerminateMs: number;
  /** From SIGTERM to SIGKILL. */
  readonly toKillMs: number;
}

/** Source: actions/runner, src/Runner.Sdk/ProcessInvoker.cs. */
export const RUNNER_GRACE: Grace = { toTerminateMs: 7_500, toKillMs: 2_500 };

export interface StepResult {
  readonly conclusion: 'success' | 'failure' | 'cancelled';
  /** Undefined when a signal ended the process. */
  readonly exitCode: number | undefined;
  /** The signals it was sent, in order. */
  readonly signals: readonly NodeJS.Signals[];
  readonly outputs: Readonly<Record<string, string>>;
  readonly summary: string;
  readonly annotations: readonly Annotation[];
  readonly log: readonly string[];
  readonly durationMs: number;
  /** What later steps get: `GITHUB_STATE` (the action's own post only), `GITHUB_ENV`, `GITHUB_PATH`. */
  readonly state: Readonly<Record<string, string>>;
  readonly exported: Readonly<Record<string, string>>;
  readonly path: readonly string[];
}

/** Runs one step of an action to its end, however it ends. */
export async function runStep(step: Step): Promise<StepResult> {
  const startedAt = Date.now();
  const files = makeCommandFiles(step.temp);
  const log = makeStepLog(step.masks);
  const show = (line: string | undefined) => {
    if (line !== undefined) step.onLine(line);
  };
  const ended = await runNode(step, files.environment, (line) => show(log.take(line)));
  const written = files.collect();
  for (const { message, fatal } of written.problems) show(log.complain(message, fatal));

  return {
    conclusion: step.signal.aborted ? 'cancelled' : ended.exitCode === 0 && !log.failed ? 'success' : 'failure',
    ...ended,
    outputs: Object.fromEntries([...log.outputs, ...written.outputs]),
    summary: maskSecrets(written.summary, step.masks),
    annotations: log.annotations,
    log: log.lines,
    durationMs: Date.now() - startedAt,
    ...handedOn(written, log.state),
  };
}

function handedOn(written: CollectedFiles, legacyState: ReadonlyMap<string, string>) {
  return {
    state: Object.fromEntries([...legacyState, ...written.state]),
    exported: Object.fromEntries(written.environment),
    path: written.path,
  };
}

interface Ended {
  readonly exitCode: number | undefined;
  readonly signals: readonly NodeJS.Signals[];
}

async function runNode(
  step: Step,
  commandFiles: Readonly<Record<string, string>>,
  onLine: (line: string) => void,
): Promise<Ended> {
  const child = spawn(process.execPath, [step.script], {
    cwd: step.directory,
    env: { ...step.environment, ...commandFiles },
    stdio: ['ignore', 'pipe', 'pipe'],
    // A process group of its own: a terminal's Ctrl-C does not reach it, and the last resort can end all of it.
    detached: true,
  });
  for (const stream of [child.stdout, child.stderr]) {
    const lines = readLines(onLine);
    stream.on('data', lines.add).once('end', lines.end);
  }

  const signals: NodeJS.Signals[] = [];
  const timers: NodeJS.Timeout[] = [];
  const send = (signal: NodeJS.Signals, target: number | undefined) => {
    if (target === undefined || child.exitCode !== null || child.signalCode !== null) return;
    signals.push(signal);
    process.kill(target, signal);
  };
  const cancel = () => {
    const { toTerminateMs, toKillMs } = step.grace;
    send('SIGINT', child.pid);
    timers.push(setTimeout(() => send('SIGTERM', child.pid), toTerminateMs));
    timers.push(setTimeout(() => send('SIGKILL', child.pid && -child.pid), toTerminateMs + toKillMs));
  };
  step.signal.addEventListener('abort', cancel, { once: true });
  if (step.signal.aborted) cancel();

  try {
    const exitCode = await new Promise<number | null>((resolve, reject) => {
      child.once('error', reject);
      child.once('close', resolve);
    });
    return { exitCode: exitCode ?? undefined, signals };
  } finally {
    timers.forEach(clearTimeout);
    step.signal.removeEventListener('abort', cancel);
  }
}
