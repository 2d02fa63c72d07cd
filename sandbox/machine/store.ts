import { existsSync } from 'node:fs';
import { mkdir, statfs, truncate, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { runTool } from './run-tool.js';
import { inUserNamespace } from './user-namespace.js';

/**
 * Where layers live: a file system of its own, because overlayfs refuses `lowerdir=/` when the writable layer is on the
 * same one (ELOOP). Mounted in the daemon's private mount namespace, so it is gone when the daemon is.
 */
export interface Store {
  /** Mount point. */
  readonly path: string;
  /** Whether images outlive the daemon. */
  readonly durable: boolean;
  /** One line for the user; undefined when all is well. */
  readonly warning: string | undefined;
}

const MOST_BYTES = 64 * 1024 ** 3;
const SHARE_OF_FREE_DISK = 0.8;

/** @throws Error when neither a loop device nor a tmpfs can be mounted. */
export async function openStore(directory: string): Promise<Store> {
  const mountPoint = path.join(directory, 'store');
  await mkdir(mountPoint, { recursive: true });
  if (inUserNamespace()) return mountMemory(mountPoint, 'a user namespace may not mount a disk image');
  try {
    await mountImageFile(path.join(directory, 'store.img'), mountPoint);
    return { path: mountPoint, durable: true, warning: undefined };
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return mountMemory(mountPoint, `no loop device could be used (${why})`);
  }
}

async function mountMemory(mountPoint: string, why: string): Promise<Store> {
  await runTool('mount', ['-t', 'tmpfs', '-o', 'mode=755', 'tmpfs', mountPoint]);
  const warning = `images are kept in memory and are lost when the sandbox stops, because ${why}`;
  return { path: mountPoint, durable: false, warning };
}

/** Sparse, so it takes only what layers hold; no journal, because only a crash of the whole machine could need it. */
async function mountImageFile(file: string, mountPoint: string): Promise<void> {
  if (!existsSync(file)) {
    const { bavail, bsize } = await statfs(path.dirname(file));
    const bytes = Math.min(MOST_BYTES, Math.floor(bavail * bsize * SHARE_OF_FREE_DISK));
    await writeFile(file, '', { mode: 0o600 });
    await truncate(file, bytes);
    await runTool('mkfs.ext4', ['-q', '-F', '-m', '0', '-O', '^has_journal', '-E', 'lazy_itable_init=1', file]);
  }
  await runTool('mount', ['-t', 'ext4', '-o', 'loop,discard,noatime', file, mountPoint]);
}
