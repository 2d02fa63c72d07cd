import { randomUUID } from 'node:crypto';
import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { BASE_MARKER, connectControl, type Control, type DaemonFile } from './control.js';
import type { Delays } from './delays.js';
import type { Throttling } from './throttle.js';
import { exportContainerImage } from './machine/container-image.js';
import { findPrivilege } from './machine/privilege.js';

export interface SandboxOptions {
  /** Where images, state and the daemon's files are kept; made if it is not there. One daemon for each directory. */
  readonly directory: string;
  /**
   * What lies under every image: `machine` (this machine's operating system), `directory:<path>` (a root file system), or
   * `image:<name>` (a container image, from Docker or Podman). It stays the same as long as there are images. Default: what
   * the directory has, else `machine`.
   */
  readonly base?: string;
  /** Directories whose content lies over the base in every image; used by whoever starts the daemon. */
  readonly baseOverlays?: readonly string[];
  /** TCP port on 127.0.0.1 for whoever starts the daemon. Default: any that is free. */
  readonly port?: number;
  /** The daemon ends by itself after so long without a request and without an instance. Default 15; Infinity: never. */
  readonly idleMinutes?: number;
  readonly delays?: Partial<Delays>;
  /** How fast the sandbox's time goes; default 1. A daemon that already runs keeps its own. */
  readonly clock?: { readonly rate: number };
  /** Default: off. */
  readonly throttling?: Throttling;
}

export interface Sandbox {
  /** `http://127.0.0.1:<port>` */
  readonly endpoint: string;
  /** What an AWS client needs to find the sandbox; the SDKs and the AWS CLI read these by themselves. */
  readonly environment: Readonly<Record<string, string>>;
  readonly control: Control;
  /** One line to show to the user, such as that images will not be kept; undefined when there is nothing to say. */
  readonly warning: string | undefined;
  /** Ends the daemon and its machines; resolves when they are gone. Images stay. */
  readonly stop: () => Promise<void>;
}

/** What `flock` ends with when another daemon has the directory. */
const LOCKED = 75;
const START_TIMEOUT_MS = 30_000;
/** With a container image to unpack first. */
const UNPACK_TIMEOUT_MS = 600_000;
const STOP_TIMEOUT_MS = 15_000;
const POLL_MS = 15;

/**
 * Uses the directory's daemon if one answers, else starts one. Callers that race end with the same daemon: whoever has
 * the lock (held by the kernel for the daemon's life, so never stale) is the daemon, the others wait for it to answer.
 *
 * @throws Error in one sentence, with a `Fix:`, when this machine cannot run a sandbox.
 */
export async function startSandbox(options: SandboxOptions): Promise<Sandbox> {
  mkdirSync(options.directory, { recursive: true });
  const directory = realpathSync(options.directory);
  const running = await findDaemon(directory);
  if (running !== undefined) return running;
  // Images are gigabytes, and the folder is in somebody's repository.
  writeFileSync(path.join(directory, '.gitignore'), '*\n');
  const logFile = path.join(directory, 'daemon.log');
  const base = options.base?.replace(/^directory:(.*)$/, (_all, folder: string) => `directory:${path.resolve(folder)}`);
  const archive = await archiveOf(directory, base);
  try {
    const child = await spawnDaemon({ ...options, directory, logFile, base, archive });
    const timeoutMs = archive === undefined ? START_TIMEOUT_MS : UNPACK_TIMEOUT_MS;
    return await untilItAnswers({ directory, logFile, child, timeoutMs });
  } finally {
    if (archive !== undefined) rmSync(archive, { force: true });
  }
}

interface WaitOptions {
  readonly directory: string;
  readonly logFile: string;
  readonly child: ChildProcess;
  readonly timeoutMs: number;
}

async function untilItAnswers({ directory, logFile, child, timeoutMs }: WaitOptions): Promise<Sandbox> {
  const deadline = Date.now() + timeoutMs;
  while (Date.now() < deadline) {
    const sandbox = await findDaemon(directory);
    if (sandbox !== undefined) return sandbox;
    const hasFailed = child.exitCode !== null ? child.exitCode !== LOCKED : child.signalCode !== null;
    if (hasFailed) throw new Error(`the sandbox did not start: ${lastWords(logFile)} Fix: see ${logFile}`);
    await delay(POLL_MS);
  }
  throw new Error(`the sandbox did not answer within ${timeoutMs / 1000} s. Fix: see ${logFile}`);
}

/** Exported by whoever starts the daemon, with his own rights to the engine, and only when the store has it not yet. */
async function archiveOf(directory: string, base: string | undefined): Promise<string | undefined> {
  const marker = path.join(directory, BASE_MARKER);
  const name = /^image:(.+)$/.exec(base ?? '')?.[1];
  if (name === undefined || (existsSync(marker) && readFileSync(marker, 'utf8') === base)) return undefined;
  const archive = path.join(directory, `base-${randomUUID()}.tar`);
  await exportContainerImage(name, archive);
  return archive;
}

/** The daemon of that directory, if one runs and is the one that wrote the file. */
export async function findDaemon(directory: string): Promise<Sandbox | undefined> {
  const file = path.join(directory, 'daemon.json');
  if (!existsSync(file)) return undefined;
  try {
    const daemon = JSON.parse(readFileSync(file, 'utf8')) as DaemonFile;
    const control = connectControl(daemon);
    const { nonce, warning } = await control.status();
    return nonce === daemon.nonce ? describeSandbox(daemon, control, warning) : undefined;
  } catch {
    // A file that a killed daemon left behind, or one that is being replaced.
    return undefined;
  }
}

function describeSandbox(daemon: DaemonFile, control: Control, warning: string | undefined): Sandbox {
  const endpoint = `http://127.0.0.1:${daemon.port}`;
  return {
    endpoint,
    environment: {
      AWS_ENDPOINT_URL: endpoint,
      AWS_ACCESS_KEY_ID: daemon.accessKeyId,
      AWS_SECRET_ACCESS_KEY: daemon.secretAccessKey,
      AWS_EC2_METADATA_DISABLED: 'true',
    },
    control,
    warning,
    stop: async () => {
      await control.stop();
      const deadline = Date.now() + STOP_TIMEOUT_MS;
      while (existsSync(`/proc/${daemon.pid}`)) {
        if (Date.now() > deadline) throw new Error(`the sandbox (process ${daemon.pid}) does not end. Fix: kill it`);
        await delay(POLL_MS);
      }
    },
  };
}

interface DaemonOptions extends Omit<SandboxOptions, 'base'> {
  readonly logFile: string;
  readonly base: string | undefined;
  /** Tar file with the file system of the base, when that is a container image. */
  readonly archive: string | undefined;
}

async function spawnDaemon(options: DaemonOptions): Promise<ChildProcess> {
  const { directory, logFile, base, archive } = options;
  const privilege = await findPrivilege({ base: base ?? 'machine' });
  const overlays = (options.baseOverlays ?? []).flatMap((overlay) => ['--overlay', path.resolve(overlay)]);
  const log = openSync(logFile, 'a', 0o600);
  const [program, ...args] = [
    ...privilege,
    ...[
      'flock',
      '--nonblock',
      '--no-fork',
      '--conflict-exit-code',
      String(LOCKED),
      path.join(directory, 'daemon.lock'),
    ],
    ...['unshare', '--mount', '--propagation', 'private', '--'],
    ...[process.execPath, findServer(), '--directory', directory, ...overlays],
    ...(base === undefined ? [] : ['--base', base]),
    ...(archive === undefined ? [] : ['--base-archive', archive]),
    ...['--port', String(options.port ?? 0)],
    ...['--idle-minutes', String(options.idleMinutes ?? 15), '--delays', JSON.stringify(options.delays ?? {})],
    ...['--clock-rate', String(options.clock?.rate ?? 1)],
    ...(options.throttling === undefined ? [] : ['--throttling', JSON.stringify(options.throttling)]),
  ];
  try {
    const child = spawn(program ?? 'flock', args, { cwd: '/', detached: true, stdio: ['ignore', log, log] });
    child.on('error', () => undefined);
    child.unref();
    return child;
  } finally {
    closeSync(log);
  }
}

/** Next to this file when compiled; in the build directory when run from the sources, as tests do. */
function findServer(): string {
  const here = path.dirname(fileURLToPath(import.meta.url));
  const candidates = [path.join(here, 'server.js'), path.join(here, '../build/sandbox/server.js')];
  const found = candidates.find((candidate) => existsSync(candidate));
  if (found === undefined) throw new Error('the sandbox is not built. Fix: run "npm run build"');
  return found;
}

function lastWords(logFile: string): string {
  const lines = readFileSync(logFile, 'utf8').trim().split('\n');
  const error = lines.findLast((line) => /^\w*Error: /.test(line));
  return `${(error ?? lines.at(-1) ?? 'it said nothing').replace(/^\w*Error: /, '').replace(/\.$/, '')}.`;
}
