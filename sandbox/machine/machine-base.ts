import { existsSync, statSync } from 'node:fs';
import { chmod, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { runTool } from './run-tool.js';

/** What an operating system consists of; every other top-level entry of the machine is hidden. */
const KEPT = /^(bin|sbin|lib\w*|usr|etc|var|opt|srv|boot)$/;

/** The kept directories that must be on the machine's root file system: lowerdir=/ does not cross mounts. */
const ON_ROOT = ['usr', 'etc', 'var', 'opt'] as const;

/** Big or private, and never part of an image: hidden without looking inside. */
const HIDDEN = [
  'var/lib/docker',
  'var/lib/containerd',
  'var/lib/containers',
  'var/lib/kubelet',
  'swapfile',
  'swap.img',
];

export interface MachineBaseOptions {
  readonly storePath: string;
  /** Where the layer goes that hides what is no part of an image; relative to the store. */
  readonly mask: string;
  /** Directories of this program's own that an image must not show. */
  readonly ownDirectories: readonly string[];
}

/**
 * Makes this machine's operating system a base, copy-on-write, without homes, credentials, logs and the
 * machine's identity. Made anew at each start, because the machine's top level may have changed.
 *
 * @throws Error in one sentence when the machine is laid out in a way that cannot be used.
 */
export async function makeMachineBase({ storePath, mask, ownDirectories }: MachineBaseOptions): Promise<void> {
  for (const name of ON_ROOT) {
    if (existsSync(`/${name}`) && statSync(`/${name}`).dev !== statSync('/').dev) {
      throw new Error(`/${name} is a file system of its own, and the sandbox can only lay / itself under an image`);
    }
  }
  const kept = ownDirectories
    .map((directory) => path.relative('/', directory))
    .filter((own) => KEPT.test(own.split('/')[0] ?? ''));
  await runTool('sh', ['-c', MASK_SCRIPT, mask, ...HIDDEN, ...kept], { cwd: storePath });
  await lockPasswords(path.join(storePath, mask, 'etc'));
}

/**
 * First whiteouts, written straight into the layer. Then, through the merged view, the directories that exist but are
 * empty: mkdir over a whiteout makes a directory opaque, without any extended attribute to set by hand.
 */
const MASK_SCRIPT = String.raw`
set -eu
mkdir -p "$0" base/work base/view
for entry in $(ls -A /); do
  case $entry in bin|sbin|lib*|usr|etc|var|opt|srv|boot) ;; *) mknod "$0/$entry" c 0 0 ;; esac
done
for hidden; do
  [ -e "/$hidden" ] || continue
  parent=
  for part in $(dirname "$hidden" | tr / ' '); do
    [ "$part" = . ] && continue
    parent=$parent/$part
    [ -d "$0$parent" ] && continue
    mkdir "$0$parent"
    chown --reference="$parent" "$0$parent"
    chmod --reference="$parent" "$0$parent"
  done
  [ -e "$0/$hidden" ] || mknod "$0/$hidden" c 0 0
done
mount -t overlay -o lowerdir=/,"upperdir=$0",workdir=base/work overlay base/view
cd base/view
mkdir home mnt media run proc sys dev
mkdir -m 700 root
mkdir -m 1777 tmp
[ -d etc/skel ] && cp -a etc/skel/. root/
rm -rf var/lib/cloud
rm -f etc/ssh/ssh_host_* etc/apt/auth.conf etc/apt/auth.conf.d/* etc/krb5.keytab
rm -rf etc/NetworkManager/system-connections etc/netplan etc/wpa_supplicant etc/wireguard var/lib/iwd
for empty in etc/ssl/private var/tmp; do
  [ -d "$empty" ] && find "$empty" -mindepth 1 -delete
done
[ -d var/log ] && find var/log -type f -delete
[ -e etc/machine-id ] && : >etc/machine-id
[ -e etc/hostname ] && echo localhost >etc/hostname
cd ../..
umount base/view
`;

/** Accounts stay, their password hashes go: `root:$6$…:…` becomes `root:!:…`. */
async function lockPasswords(etc: string): Promise<void> {
  for (const name of ['shadow', 'shadow-', 'gshadow', 'gshadow-']) {
    if (!existsSync(`/etc/${name}`)) continue;
    const locked = (await readFile(`/etc/${name}`, 'utf8')).replace(/^([^:\n]*):[^:\n]*/gm, '$1:!');
    const target = path.join(etc, name);
    await writeFile(target, locked, { mode: 0o600 });
    await runTool('chown', [`--reference=/etc/${name}`, target]);
    await chmod(target, statSync(`/etc/${name}`).mode & 0o7777);
  }
}

/** Copied, not mounted: overlayfs refuses two lower directories of which one lies in the other. */
export async function layOverlays(target: string, overlays: readonly string[] | undefined): Promise<void> {
  if (overlays !== undefined) await rm(target, { recursive: true, force: true });
  await mkdir(target, { recursive: true });
  for (const overlay of overlays ?? []) {
    await runTool('cp', ['-a', '--no-preserve=ownership', `${path.resolve(overlay)}/.`, target]);
  }
}
