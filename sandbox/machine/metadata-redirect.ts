import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, readdir, rmdir } from 'node:fs/promises';
import { arch } from 'node:os';
import path from 'node:path';
import { REDIRECT_SCRIPT, redirectProgram } from './redirect-program.js';
import { runTool, TOOL_ENVIRONMENT } from './run-tool.js';

/**
 * How an instance, which has the machine's network, reaches metadata of its own at 169.254.169.254: its processes are in a
 * control group, and a BPF program on that group sends their connections to this address to a port of the daemon's. So
 * neither addresses nor routes nor firewall of the machine change, and where the machine is itself an EC2 instance, its
 * credentials cannot be had from inside. (A network namespace would need a NAT on the machine to reach package servers.)
 */
export interface MetadataRedirect {
  /** Makes the control group; `port` is on 127.0.0.1. */
  readonly open: (name: string, port: number) => Promise<Redirected>;
}

export interface Redirected {
  /** Directory of the control group. */
  readonly cgroup: string;
  /** Removes the group, which must be empty. */
  readonly close: () => Promise<void>;
}

/** Of the bpf system call (arch/x86/entry/syscalls/syscall_64.tbl, include/uapi/asm-generic/unistd.h). */
const BPF_CALL: Readonly<Record<string, number>> = { x64: 321, arm64: 280 };

/**
 * Undefined, where it cannot be had: without perl, which alone among the usual programs can make any system call, without
 * cgroup2, or without the rights (in a container, say).
 */
export async function openMetadataRedirect(storePath: string): Promise<MetadataRedirect | undefined> {
  const mountPoint = path.join(storePath, 'cgroup');
  const call = BPF_CALL[arch()];
  if (call === undefined || !existsSync('/usr/bin/perl')) return undefined;
  const group = path.join(mountPoint, `ami-sandbox-${process.pid}`);
  const open = async (name: string, port: number): Promise<Redirected> => {
    const cgroup = path.join(group, name);
    await mkdir(cgroup, { recursive: true });
    const code = redirectProgram(port).toString('hex');
    await runTool('/usr/bin/perl', ['-e', REDIRECT_SCRIPT, String(call), cgroup, code]);
    return { cgroup, close: () => removeGroup(cgroup) };
  };
  try {
    await mkdir(mountPoint, { recursive: true });
    await runTool('mount', ['-t', 'cgroup2', '-o', 'nosuid,nodev,noexec', 'cgroup2', mountPoint]);
    await removeOrphans(mountPoint);
    const probe = await open('probe', 9);
    await probe.close();
  } catch {
    return undefined;
  }
  removeWhenDead(mountPoint, path.basename(group));
  return { open };
}

/** The last process may still be on its way out. */
async function removeGroup(cgroup: string): Promise<void> {
  await runTool('sh', ['-c', REMOVE_SCRIPT, 'remove', cgroup]);
}

/** For ten seconds at most: rmdir answers EBUSY as long as a process is in the group. */
const REMOVE_SCRIPT = `turns=0
until rmdir "$1" 2>/dev/null || [ ! -d "$1" ] || [ "$turns" -gt 200 ]; do sleep 0.05; turns=$((turns + 1)); done`;

/** Groups of a daemon that died together with what should have cleaned up after it. */
async function removeOrphans(mountPoint: string): Promise<void> {
  for (const name of await readdir(mountPoint)) {
    const pid = /^ami-sandbox-(\d+)$/.exec(name)?.[1];
    if (pid === undefined || existsSync(`/proc/${pid}`)) continue;
    for (const child of await readdir(path.join(mountPoint, name), { withFileTypes: true })) {
      if (child.isDirectory()) await rmdir(path.join(mountPoint, name, child.name)).catch(() => undefined);
    }
    await rmdir(path.join(mountPoint, name)).catch(() => undefined);
  }
}

/**
 * However the daemon ends, its machines end with it; but control groups do not go by themselves. So a shell waits for the
 * daemon's end of a pipe to close. It stands in the mounted directory, because the mount point may be removed meanwhile.
 */
function removeWhenDead(mountPoint: string, group: string): void {
  const script = `cat >/dev/null; for one in "$1"/*/ "$1"; do sh -c '${REMOVE_SCRIPT}' remove "$one"; done`;
  const child = spawn('sh', ['-c', script, 'remove', group], {
    cwd: mountPoint,
    env: TOOL_ENVIRONMENT,
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  child.on('error', () => undefined);
  child.unref();
}
