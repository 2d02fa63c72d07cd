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

export SPACK_DISABLE_LOCAL_CONFIG=1 SPACK_USER_CACHE_PATH=/opt/spack/var/build-cache

install_spack() {
  local archive common=(bzip2 ca-certificates curl file git gzip make patch python3 tar unzip zstd)
  if command -v apt-get >/dev/null 2>&1; then
    ensure_packages "${common[@]}" gcc g++ gfortran gnupg lsb-release xz-utils
  else
    ensure_packages "${common[@]}" gcc gcc-c++ gcc-gfortran gnupg2 xz
  fi
  archive=$(mktemp)
  curl --fail --silent --show-error --location --retry 5 --output "$archive" \
    https://github.com/spack/spack/releases/download/v1.1.0/spack-1.1.0.tar.gz
  echo "518474f546e87723c43b80143d83a51c065a8d54333c8140da6f48bc7d9e50c1  $archive" | sha256sum --check --quiet
  mkdir -p /opt/spack
  tar --extract --gzip --file "$archive" --directory /opt/spack --strip-components 1 --no-same-owner
  rm "$archive"
  mkdir -p /opt/spack/etc/spack/site
  cat >/opt/spack/etc/spack/site/repos.yaml <<'YAML'
repos:
  builtin:
    git: https://github.com/spack/spack-packages.git
    commit: 119680aeee8ea802c6111b7167583bddef97e82f
    destination: /opt/spack/var/spack/spack-packages
YAML
  cat >/opt/spack/etc/spack/site/packages.yaml <<YAML
packages:
  all:
    target: [$1]
YAML
  echo '. /opt/spack/share/spack/setup-env.sh' >/etc/profile.d/spack.sh
  # Steps and checks run without a login shell.
  ln -sf /opt/spack/bin/spack /usr/local/bin/spack
  PATH=/opt/spack/bin:$PATH
}

use_buildcache() {
  # There is none of that name unless a parent has set one.
  spack mirror remove --scope site ami-layers >/dev/null 2>&1 || true
  spack mirror add --scope site ami-layers "$1"
  spack buildcache keys --install --trust
}

prefer_compiler() {
  local language
  # There is no preference yet unless a parent has set one.
  spack config --scope site rm packages:all:prefer >/dev/null 2>&1 || true
  for language in c cxx fortran; do
    spack config --scope site add "packages:all:prefer:[\"%$language=$1\"]"
  done
}

install_spec() {
  local found
  found=$(spack find --format '{name}@{version}/{hash:7}' "$1" 2>/dev/null) || found=
  if [ -n "$found" ]; then
    echo "$1 is already installed: $found"
  else
    echo "Installing $1 with Spack"
    spack install --fail-fast --yes-to-all "$1"
  fi
}

if command -v spack >/dev/null 2>&1; then
  echo "Using $(command -v spack)"
elif [ -x /opt/spack/bin/spack ]; then
  PATH=/opt/spack/bin:$PATH
else
  install_spack x86_64_v3
fi
spack compiler find --scope site

use_buildcache 'https://binaries.spack.io/v2025.11.0'

install_spec 'gcc@11.3.0'
prefer_compiler 'gcc@11.3.0'

install_spec 'openmpi@4.1.4'
install_spec 'gromacs@2023.1+mpi'

spack find --json | install -D -m 644 /dev/stdin /opt/ami-layers/spack.lock.json
