import type { BaseReference } from '../template/layer.js';
import { AGENT_SIGNING_KEY } from './agent-signing-key.js';

/** Vendors whose images come without the Systems Manager agent (SSM User Guide, "AMIs with SSM Agent preinstalled"). */
const WITHOUT_AGENT: ReadonlySet<string> = new Set(['debian-12', 'rocky-9', 'alma-9', 'rhel-9']);

/**
 * Shell text that installs and starts the agent where a vendor's image lacks it; empty for all others. Only root layers
 * need it: their images have the agent then. AWS publishes it in a bucket of each Region (SSM User Guide, "Manually
 * installing SSM Agent on EC2 instances for Linux"), and signs it: a package whose signature is not by that key is not
 * installed, nor any where gpgv, which every package manager's own checks need, is missing.
 */
export function agentBootstrap(base: BaseReference, region: string, signingKey = AGENT_SIGNING_KEY): string {
  if (base.kind !== 'alias' || !WITHOUT_AGENT.has(base.alias)) return '';
  const domain = region.startsWith('cn-') ? 'amazonaws.com.cn' : 'amazonaws.com';
  return `
set -eu
if command -v amazon-ssm-agent >/dev/null || [ -x /snap/bin/amazon-ssm-agent ]; then exit 0; fi
case $(uname -m) in
  aarch64) machine=arm64 ;;
  *) machine=amd64 ;;
esac
if command -v dpkg >/dev/null; then
  package=amazon-ssm-agent.deb
  folder=debian_$machine
else
  package=amazon-ssm-agent.rpm
  folder=linux_$machine
fi
url=https://s3.${region}.${domain}/amazon-ssm-${region}/latest/$folder
cd "$(mktemp -d)"
fetch() {
  for attempt in 1 2 3 4 5; do
    if command -v curl >/dev/null; then
      if curl --fail --silent --show-error --output "$1" "$url/$1"; then return; fi
    elif command -v wget >/dev/null; then
      if wget --quiet --output-document "$1" "$url/$1"; then return; fi
    elif python3 -c 'import sys, urllib.request; urllib.request.urlretrieve(*sys.argv[1:])' "$url/$1" "$1"; then
      return
    fi
    sleep $((attempt * 3))
  done
  echo "$url/$1 could not be downloaded" >&2
  exit 1
}
fetch "$package"
fetch "$package.sig"
base64 -d >key.gpg <<'KEY'
${signingKey.trim()}
KEY
if ! gpgv --keyring ./key.gpg "$package.sig" "$package"; then
  echo "$package is not signed by AWS's key, or there is no gpgv to tell: it is not installed" >&2
  exit 1
fi
case $package in
  *.deb) dpkg --install "$package" ;;
  *) rpm --install "$package" ;;
esac
rm "$package" "$package.sig" key.gpg
systemctl enable --now amazon-ssm-agent
`;
}
