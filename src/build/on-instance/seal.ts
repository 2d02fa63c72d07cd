import { credentialFunctions } from './credentials/find-credentials.js';
import { BUNDLE_ROOT } from './layout.js';

/** How the seal says that it found credentials; it has then removed nothing. */
export const SECRETS_FOUND = 3;

/**
 * Runs last on every builder: the child boots this image, so nothing of this instance may be left in it.
 * Follows EC2 Image Builder's documented clean-up for Linux images ("Security best practices for Image Builder").
 *
 * Credentials and private keys are looked for first: an image must never carry them, and a build that made some has a
 * mistake that deleting would hide. Histories and caches of sessions are of use to nobody and just go. The agent's own registration stays (with Default Host Management it is the
 * credential of the answers to whoever watches), only the leftovers of commands that have ended go.
 *
 * @param allow paths of credentials that may stay; `*` is a wildcard.
 */
export function sealScript(allow: readonly string[]): string {
  return `#!/bin/bash
set -u
${credentialFunctions(allow)}

found=$(find_credentials) || exit 1
if [ -n "$found" ]; then
  printf 'credentials or private keys on the disk:\\n%s\\n' "$found"
  exit ${SECRETS_FOUND}
fi

if command -v apt-get >/dev/null; then apt-get clean; fi
if command -v dnf >/dev/null; then dnf clean all -q; fi
if command -v yum >/dev/null && ! command -v dnf >/dev/null; then yum clean all -q; fi
if command -v zypper >/dev/null; then zypper --quiet clean --all; fi

rm -rf /var/lib/cloud/*
remove_instance_files
rm -rf /tmp/* /var/tmp/*
rm -f /var/lib/systemd/random-seed /var/lib/dhclient/* /var/lib/dhcp/* /var/lib/NetworkManager/*.lease
if [ -e /etc/machine-id ]; then : >/etc/machine-id; fi
if [ -d /var/lib/dbus ]; then rm -f /var/lib/dbus/machine-id; fi
rm -rf /var/log/journal/* /var/log/audit/* /var/log/amazon/ssm/*
find /var/log -type f -exec truncate -s 0 {} + 2>/dev/null
for orchestration in /var/lib/amazon/ssm/*/document/orchestration/*; do
  grep -qsF "$orchestration" /proc/[0-9]*/cmdline || rm -rf "$orchestration"
done
rm -rf ${BUNDLE_ROOT}
sync
if command -v fstrim >/dev/null; then fstrim -a 2>/dev/null; fi
exit 0
`;
}
