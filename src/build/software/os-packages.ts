import { quoteAll } from './quote.js';

/**
 * The bash function `ensure_packages NAME…`: installs what is missing with the package manager the image has. What is
 * there is found out without the network, so a second run is instant and works offline.
 *
 * Recommended packages come too, as when typed by hand: Debian's gcc only recommends the C library's headers.
 * `--whatprovides` because Amazon Linux 2023 ships curl-minimal, which provides and conflicts with curl. Arrays are
 * expanded only when not empty: bash 4.2 (Amazon Linux 2) calls an empty one unbound.
 */
export const ENSURE_PACKAGES = String.raw`ensure_packages() {
  local manager name
  local missing=()
  for manager in dnf yum apt-get zypper none; do
    if command -v "$manager" >/dev/null 2>&1; then break; fi
  done
  for name in "$@"; do
    if [ "$manager" = apt-get ]; then
      dpkg-query -W -f '${'$'}{db:Status-Status}\n' "$name" 2>/dev/null | grep -qx installed || missing+=("$name")
    elif [ "$manager" != none ]; then
      rpm -q --quiet "$name" || rpm -q --quiet --whatprovides "$name" || missing+=("$name")
    else
      missing+=("$name")
    fi
  done
  if [ "${'$'}{#missing[@]}" -eq 0 ]; then
    echo "Already installed: $*"
    return 0
  fi
  echo "Installing: ${'$'}{missing[*]}"
  case "$manager" in
    dnf | yum) "$manager" -y install "${'$'}{missing[@]}" ;;
    apt-get)
      export DEBIAN_FRONTEND=noninteractive NEEDRESTART_SUSPEND=1
      apt-get -o DPkg::Lock::Timeout=300 update
      apt-get -o DPkg::Lock::Timeout=300 -y install "${'$'}{missing[@]}"
      ;;
    zypper) zypper --non-interactive install --auto-agree-with-licenses "${'$'}{missing[@]}" ;;
    none)
      echo "This image has no package manager that is known here: dnf, yum, apt-get or zypper." >&2
      return 1
      ;;
  esac
}`;

/** Installs packages of the operating system. */
export function osPackagesScript(packages: readonly string[]): string {
  return `${ENSURE_PACKAGES}

ensure_packages ${quoteAll(packages)}
`;
}
