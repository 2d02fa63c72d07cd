import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { promisify } from 'node:util';

const TOOLS = ['flock', 'unshare', 'nsenter', 'setpriv', 'mount', 'pivot_root', 'mknod'];
const TOOL_DIRECTORIES = ['/usr/sbin', '/usr/bin', '/sbin', '/bin', '/usr/local/sbin', '/usr/local/bin'];

/**
 * The words to put before a command so that it runs as root: none, or `sudo -n`. A user namespace is no third way: there
 * the kernel refuses an overlay over `/` (EINVAL, because other mounts lie under it; seen on Linux 6.18).
 *
 * @throws Error in one sentence, with a `Fix:`, when this machine cannot run a sandbox.
 */
export async function findPrivilege(): Promise<readonly string[]> {
  if (process.platform !== 'linux') {
    throw new Error(
      'the sandbox runs real commands on overlayfs and needs Linux. Fix: use a Linux machine or AWS itself',
    );
  }
  const missing = TOOLS.filter((tool) => !TOOL_DIRECTORIES.some((directory) => existsSync(`${directory}/${tool}`)));
  if (missing.length > 0) {
    throw new Error(`the sandbox needs ${missing.join(', ')}. Fix: install the util-linux and coreutils packages`);
  }
  const privilege = process.getuid?.() === 0 ? [] : ['sudo', '-n'];
  if (!(await succeeds([...privilege, 'true']))) {
    throw new Error('the sandbox needs root to mount images. Fix: run as root, or allow sudo without a password');
  }
  const hasOverlay = (): boolean => readFileSync('/proc/filesystems', 'utf8').includes('\toverlay\n');
  if (!hasOverlay() && !(await succeeds([...privilege, 'modprobe', 'overlay'])) && !hasOverlay()) {
    throw new Error('the kernel has no overlayfs. Fix: use a kernel with CONFIG_OVERLAY_FS');
  }
  return privilege;
}

async function succeeds([program = '', ...args]: readonly string[]): Promise<boolean> {
  try {
    await promisify(execFile)(program, args);
    return true;
  } catch {
    return false;
  }
}
