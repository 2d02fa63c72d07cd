import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { promisify } from 'node:util';

const TOOLS = ['flock', 'unshare', 'nsenter', 'setpriv', 'mount', 'pivot_root', 'mknod'];
const TOOL_DIRECTORIES = ['/usr/sbin', '/usr/bin', '/sbin', '/bin', '/usr/local/sbin', '/usr/local/bin'];

/** Root in a namespace of its own: first with the user's subordinate ids, so that packages can give files to others. */
const NAMESPACES = [
  ['unshare', '--user', '--map-root-user', '--map-auto', '--'],
  ['unshare', '--user', '--map-root-user', '--'],
] as const;

/**
 * The words to put before a command so that it may mount images: none for root, else `sudo -n`, else a user namespace,
 * which is enough for any base but this machine: over `/` the kernel refuses an overlay there (EINVAL, because other mounts
 * lie under it; seen on Linux 6.18).
 *
 * @throws Error in one sentence, with a `Fix:`, when this machine cannot run a sandbox.
 */
export async function findPrivilege({ base }: { readonly base: string }): Promise<readonly string[]> {
  if (process.platform !== 'linux') {
    throw new Error(
      'the sandbox runs real commands on overlayfs and needs Linux. Fix: use a Linux machine or AWS itself',
    );
  }
  const missing = TOOLS.filter((tool) => !TOOL_DIRECTORIES.some((directory) => existsSync(`${directory}/${tool}`)));
  if (missing.length > 0) {
    throw new Error(`the sandbox needs ${missing.join(', ')}. Fix: install the util-linux and coreutils packages`);
  }
  const root = process.getuid?.() === 0 ? [] : ['sudo', '-n'];
  if (await succeeds([...root, 'true'])) {
    await requireOverlay(root);
    return root;
  }
  if (base === 'machine') {
    throw new Error(
      'the sandbox needs root to lay this machine’s own system under images. Fix: run as root, allow sudo without a ' +
        'password, or take a base that is a directory or a container image',
    );
  }
  for (const namespace of NAMESPACES) {
    if (await succeeds([...namespace, 'unshare', '--mount', 'true'])) {
      await requireOverlay(undefined);
      return namespace;
    }
  }
  throw new Error(
    'the sandbox needs root or a user namespace to mount images, and the kernel gives this user neither. Fix: run as ' +
      'root, allow sudo without a password, or set kernel.unprivileged_userns_clone or the like',
  );
}

/** `root`: the words to put before modprobe; undefined: nobody here may load a module. */
async function requireOverlay(root: readonly string[] | undefined): Promise<void> {
  const hasOverlay = (): boolean => readFileSync('/proc/filesystems', 'utf8').includes('\toverlay\n');
  if (hasOverlay()) return;
  if (root !== undefined && (await succeeds([...root, 'modprobe', 'overlay']))) return;
  if (!hasOverlay()) throw new Error('the kernel has no overlayfs. Fix: use a kernel with CONFIG_OVERLAY_FS');
}

async function succeeds([program = '', ...args]: readonly string[]): Promise<boolean> {
  try {
    await promisify(execFile)(program, args);
    return true;
  } catch {
    return false;
  }
}
