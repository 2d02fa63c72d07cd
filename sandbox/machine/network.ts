import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { arch } from 'node:os';
import { createInterface } from 'node:readline';
import { LINK_SCRIPT } from './link-script.js';
import { RELAY_SCRIPT } from './relay-script.js';
import { TOOL_ENVIRONMENT } from './run-tool.js';
import { steerProgram } from './steer-program.js';
import { inUserNamespace } from './user-namespace.js';

/** What an instance with a network of its own can reach of this machine. */
export interface Reach {
  /** The instance's private address. */
  readonly own: string;
  /** The port of 127.0.0.1 at which the sandbox answers. */
  readonly port: number;
  /** Unix socket of its metadata; relative to the store. */
  readonly metadata: string;
}

/**
 * Instances have a network namespace of their own, so that they cannot reach what listens on this machine's loopback. The
 * way out is a relay (relay-script.ts): neither addresses nor routes nor firewall of the machine change.
 */
export interface Network {
  /** Resolves when the process's namespace has its way out, which goes with it or with the daemon. */
  readonly connect: (pid: number, reach: Reach) => Promise<Way>;
}

export interface Way {
  readonly close: () => void;
}

/** Numbers of bpf, setns and prctl (arch/x86/entry/syscalls/syscall_64.tbl, include/uapi/asm-generic/unistd.h). */
const CALLS: Readonly<Record<string, readonly number[]>> = { x64: [321, 308, 157], arm64: [280, 268, 167] };

/**
 * Undefined, where instances must share the machine's network: without perl or ip, with a kernel before 5.9, without a
 * name server that has an IPv4 address, in a user namespace, or without the rights (in a container, say).
 */
export async function openNetwork(storePath: string): Promise<Network | undefined> {
  const calls = CALLS[arch()];
  if (calls === undefined || inUserNamespace() || !existsSync('/usr/bin/perl')) return undefined;
  if (readNameServers().length === 0) return undefined;
  const network: Network = { connect: (pid, reach) => startRelay(calls, storePath, pid, reach) };
  return (await works(network)) ? network : undefined;
}

async function works(network: Network): Promise<boolean> {
  const own = '10.0.0.4';
  const script = `own=${own}; ${LINK_SCRIPT} && echo up && exec cat`;
  const child = spawn('unshare', ['--net', 'sh', '-c', script], {
    env: TOOL_ENVIRONMENT,
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  try {
    if ((await firstLine(child)) !== 'up' || child.pid === undefined) return false;
    const way = await network.connect(child.pid, { own, port: 1, metadata: 'none' });
    way.close();
    return true;
  } catch {
    return false;
  } finally {
    child.kill('SIGKILL');
  }
}

async function startRelay(calls: readonly number[], storePath: string, pid: number, reach: Reach): Promise<Way> {
  const { bytes, mapAt } = steerProgram(reach);
  const [bpf, setns, prctl] = calls.map(String);
  const values = [bpf, setns, prctl, String(pid), bytes.toString('hex'), String(mapAt), String(reach.port)];
  const script = [RELAY_SCRIPT, ...values.map((value) => value ?? ''), reach.metadata, ...readNameServers()];
  const child = spawn('setpriv', ['--pdeathsig', 'KILL', '--', '/usr/bin/perl', '-e', ...script], {
    cwd: storePath,
    env: TOOL_ENVIRONMENT,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  child.stderr.on('data', (chunk: Buffer) => (said = (said + chunk.toString()).slice(-2000)));
  if ((await firstLine(child)) !== 'ready') {
    child.kill('SIGKILL');
    throw new Error(`no way out of the instance's network: ${said.trim() || 'the relay said nothing'}`);
  }
  return { close: () => child.kill('SIGKILL') };
}

/** Undefined when it ended, or could not be started, before it said anything. */
async function firstLine(child: ChildProcess): Promise<string | undefined> {
  if (child.stdout === null) return undefined;
  const lines = createInterface({ input: child.stdout });
  const failed = new Promise<undefined>((resolve) => void child.once('error', () => resolve(undefined)));
  const line = once(lines, 'line').then(([text]: unknown[]) => String(text));
  return Promise.race([line, once(lines, 'close').then(() => undefined), failed]);
}

/** As glibc reads them: three at most. */
function readNameServers(): readonly string[] {
  const text = existsSync('/etc/resolv.conf') ? readFileSync('/etc/resolv.conf', 'utf8') : '';
  const all = [...text.matchAll(/^nameserver[ \t]+(\d{1,3}(?:\.\d{1,3}){3})\s*$/gm)].map(([, address = '']) => address);
  return [...new Set(all)].slice(0, 3);
}
