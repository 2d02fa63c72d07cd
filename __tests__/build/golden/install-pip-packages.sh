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

if [ ! -x /opt/python/bin/pip ]; then
  if ! python3 -c 'import ensurepip, venv' 2>/dev/null; then
    if command -v apt-get >/dev/null 2>&1; then
      ensure_packages python3 python3-venv
    else
      ensure_packages python3 python3-pip
    fi
  fi
  python3 -m venv /opt/python
  echo 'PATH=$PATH:/opt/python/bin' >/etc/profile.d/python-packages.sh
fi
/opt/python/bin/pip --disable-pip-version-check --no-cache-dir install 'numpy==1.26.4' 'requests[socks]>=2.31,<3'
