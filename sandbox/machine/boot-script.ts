import { LINK_SCRIPT } from './link-script.js';

/**
 * Brings an instance up: sh, in its own mount, pid, uts and ipc namespaces, with the store as working directory.
 * `$1` host name, `$2` mount point, `$3` overlay options, `$4` INIT_SCRIPT, `$5` its address in a network namespace of its
 * own, empty without one. File descriptor 3 leads to the daemon: first
 * the line `booted <pid> <boot id>`, then whatever is written to /run/initctl.
 *
 * The root is `nodev` and device files are bind mounts, so a device node that a script makes opens nothing of the
 * machine's. /proc/sys and the like are read-only, because they are the machine's own.
 */
export const BOOT_SCRIPT = String.raw`
set -eu
read -r pid rest </proc/self/stat
boot_id=$(cat /proc/sys/kernel/random/uuid)
root=$2
# In a user namespace the file is somebody else's; without the program the name stays the machine's.
{ echo "$1" >/proc/sys/kernel/hostname || hostname "$1" || true; } 2>/dev/null

# Before the root changes: the instance may have no ip.
own=$5
if [ -n "$own" ]; then ${LINK_SCRIPT}; fi

mount -t overlay -o "nodev,$3" overlay "$root"
cd "$root"
mount -t proc -o nosuid,nodev,noexec proc proc
# In a user namespace there is no sysfs of its own, and none can be written to.
mount -t sysfs -o ro,nosuid,nodev,noexec sysfs sys 2>/dev/null || mount --rbind /sys sys
mount -t tmpfs -o mode=755,nosuid,nodev tmpfs run
mkdir -m 1777 run/lock
mount -t tmpfs -o mode=755,nosuid,nodev tmpfs dev
mkdir dev/pts dev/shm
for device in null zero full random urandom tty; do
  : >"dev/$device"
  mount --bind "/dev/$device" "dev/$device"
done
mount -t devpts -o newinstance,ptmxmode=0666,mode=620 devpts dev/pts
mount -t tmpfs -o mode=1777,nosuid,nodev tmpfs dev/shm
ln -s pts/ptmx dev/ptmx
ln -s /proc/self/fd dev/fd
ln -s /proc/self/fd/0 dev/stdin
ln -s /proc/self/fd/1 dev/stdout
ln -s /proc/self/fd/2 dev/stderr
for kernel in sys bus fs irq sysrq-trigger; do
  [ -e "proc/$kernel" ] || continue
  mount --bind "proc/$kernel" "proc/$kernel"
  mount -o remount,bind,ro "proc/$kernel"
done
echo "$boot_id" >dev/boot_id
mount --bind dev/boot_id proc/sys/kernel/random/boot_id
rm dev/boot_id

# The name servers are the machine's (see relay-script.ts), so its resolver configuration is too; where that lies in /run it is not in the image.
if [ -L etc/resolv.conf ]; then
  resolver=$(readlink etc/resolv.conf)
  case $resolver in
    */run/*)
      resolver=run/$(printf %s "$resolver" | sed 's,^.*/run/,,')
      mkdir -p "$(dirname "$resolver")"
      cat /etc/resolv.conf >"$resolver"
      ;;
  esac
fi

mkdir run/machine
pivot_root . run/machine
cd /
umount -l /run/machine
rmdir /run/machine

# What the first boot of a sealed image makes anew, as systemd and cloud-init do.
if [ ! -s /etc/machine-id ] || [ "$(cat /etc/machine-id)" = uninitialized ]; then
  tr -d - </proc/sys/kernel/random/uuid >/etc/machine-id
fi
if [ -d /etc/ssh ] && command -v ssh-keygen >/dev/null; then
  for type in ecdsa ed25519; do
    [ -e "/etc/ssh/ssh_host_$type"_key ] || ssh-keygen -q -t "$type" -N '' -f "/etc/ssh/ssh_host_$type"_key
  done
fi

mkfifo -m 600 /run/initctl
# Opened for reading and writing, a FIFO never ends.
cat <>/run/initctl >&3 3>&- &
echo "booted $pid $boot_id" >&3
exec 3>&-

exec sh -c "$4" init
`;

/** What pid 1 is for the rest of the machine's life. */
export const INIT_SCRIPT = String.raw`
others() {
  for entry in /proc/[0-9]*; do
    [ "$entry" = /proc/1 ] || return 0
  done
  return 1
}

# A shutdown asks everybody to end, waits for them (five seconds at most), and takes the machine down.
stop() {
  trap '' TERM
  kill -TERM -1
  turns=0
  while others && [ "$turns" -lt 250 ]; do
    sleep 0.02
    turns=$((turns + 1))
  done
  exit 0
}
trap stop TERM

# Waiting is what makes pid 1 collect the orphans.
while :; do
  sleep 3600 &
  wait "$!" || true
done
`;
