ensure_packages() {
  local manager name
  local missing=()
  for manager in dnf yum apt-get zypper none; do
    if command -v "$manager" >/dev/null 2>&1; then break; fi
  done
  for name in "$@"; do
    if [ "$manager" = apt-get ]; then
      dpkg-query -W -f '${db:Status-Status}\n' "$name" 2>/dev/null | grep -qx installed || missing+=("$name")
    elif [ "$manager" != none ]; then
      rpm -q --quiet "$name" || rpm -q --quiet --whatprovides "$name" || missing+=("$name")
    else
      missing+=("$name")
    fi
  done
  if [ "${#missing[@]}" -eq 0 ]; then
    echo "Already installed: $*"
    return 0
  fi
  echo "Installing: ${missing[*]}"
  case "$manager" in
    dnf | yum) "$manager" -y install "${missing[@]}" ;;
    apt-get)
      export DEBIAN_FRONTEND=noninteractive NEEDRESTART_SUSPEND=1
      apt-get -o DPkg::Lock::Timeout=300 update
      apt-get -o DPkg::Lock::Timeout=300 -y install "${missing[@]}"
      ;;
    zypper) zypper --non-interactive install --auto-agree-with-licenses "${missing[@]}" ;;
    none)
      echo "This image has no package manager that is known here: dnf, yum, apt-get or zypper." >&2
      return 1
      ;;
  esac
}

if [ ! -x /opt/conda/bin/conda ]; then
  ensure_packages bzip2 ca-certificates curl
  installer=$(mktemp)
  curl --fail --silent --show-error --location --retry 5 --output "$installer" \
    https://github.com/conda-forge/miniforge/releases/download/26.3.2-3/Miniforge3-26.3.2-3-Linux-x86_64.sh
  echo "848194851a98903134187fbb4ab50efe87b003e0c0f808f97644b7524a62bf2c  $installer" | sha256sum --check --quiet
  bash "$installer" -b -p /opt/conda
  rm "$installer"
  ln -sf /opt/conda/bin/conda /usr/local/bin/conda
  ln -sf /opt/conda/etc/profile.d/conda.sh /etc/profile.d/conda.sh
fi
/opt/conda/bin/conda install --yes --channel conda-forge --override-channels 'scipy=1.13'
