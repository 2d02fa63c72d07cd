import type { Architecture } from '../../template/layer.js';
import { ENSURE_PACKAGES } from './os-packages.js';
import { quote } from './quote.js';

/** The Spack release that is installed where an image has none, with the recipes that were released with it. */
const SPACK_RELEASE = {
  /**
   * The release of 1.1 whose digest others carry too: Homebrew (Formula/s/spack.rb) and the AUR (spack). A tag can be
   * moved; so can what is attached to a release.
   */
  version: '1.1.0',
  sha256: '518474f546e87723c43b80143d83a51c065a8d54333c8140da6f48bc7d9e50c1',
  /** Spack 1.x keeps its recipes in a repository of their own; "v1.1.0" in Spack's CHANGELOG.md names this release. */
  packagesCommit: '119680aeee8ea802c6111b7167583bddef97e82f',
} as const;

/**
 * Spack compiles for the machine it runs on. An image is launched on other types than it was built on, so the target
 * is the oldest that current EC2 types have: Haswell's instructions on x86, Graviton2's on Arm.
 */
const TARGETS: Readonly<Record<Architecture, string>> = { x86_64: 'x86_64_v3', arm64: 'neoverse_n1' };

export interface SpackOptions {
  readonly specs: readonly string[];
  readonly buildcache: string | undefined;
  readonly architecture: Architecture;
}

/**
 * Installs Spack specs: uses the Spack that is there (the parent's, or one on PATH), else installs the pinned release
 * to /opt/spack. A gcc in the list comes first and compiles the others; so does a parent's.
 *
 * The compiler is a preference in the site configuration, not a `%gcc@…` behind each spec: since Spack 1.0 that means
 * "depends directly on gcc", which fails for packages without compiled code and says nothing of their dependencies
 * (https://spack.readthedocs.io/en/v1.1.0/packages_yaml.html, "Setting default requirements").
 */
export function spackScript({ specs, buildcache, architecture }: SpackOptions): string {
  const compiler = specs.find(isGcc);
  const others = specs.filter((spec) => spec !== compiler);
  return [
    ENSURE_PACKAGES,
    SPACK_FUNCTIONS,
    `if command -v spack >/dev/null 2>&1; then
  echo "Using $(command -v spack)"
elif [ -x /opt/spack/bin/spack ]; then
  PATH=/opt/spack/bin:$PATH
else
  install_spack ${TARGETS[architecture]}
fi
spack compiler find --scope site`,
    ...(buildcache === undefined ? [] : [`use_buildcache ${quote(buildcache)}`]),
    ...(compiler === undefined
      ? []
      : [`install_spec ${quote(compiler)}\nprefer_compiler ${quote(compilerOf(compiler))}`]),
    ...(others.length === 0 ? [] : [others.map((spec) => `install_spec ${quote(spec)}`).join('\n')]),
    KEEP_LOCK,
  ]
    .join('\n\n')
    .concat('\n');
}

function isGcc(spec: string): boolean {
  return /^gcc@=?\d/.test(spec);
}

/** `gcc@11.3.0+binutils languages=c` → `gcc@11.3.0`. */
function compilerOf(spec: string): string {
  return /^gcc@=?[0-9.]+/.exec(spec)?.[0] ?? 'gcc';
}

/** What was concretised, with every dependency, version and target: the lock of this image and those above it. */
const KEEP_LOCK = 'spack find --json | install -D -m 644 /dev/stdin /opt/ami-layers/spack.lock.json';

/**
 * Prerequisites are those of https://spack.readthedocs.io/en/v0.23.1/getting_started.html. The configuration
 * goes to Spack's own `site` scope, so that children and users of the image have it too; the build itself ignores
 * root's home, which is not part of what an image promises.
 */
const SPACK_FUNCTIONS = String.raw`export SPACK_DISABLE_LOCAL_CONFIG=1 SPACK_USER_CACHE_PATH=/opt/spack/var/build-cache

install_spack() {
  local archive common=(bzip2 ca-certificates curl file git gzip make patch python3 tar unzip zstd)
  if command -v apt-get >/dev/null 2>&1; then
    ensure_packages "${'$'}{common[@]}" gcc g++ gfortran gnupg lsb-release xz-utils
  else
    ensure_packages "${'$'}{common[@]}" gcc gcc-c++ gcc-gfortran gnupg2 xz
  fi
  archive=$(mktemp)
  curl --fail --silent --show-error --location --retry 5 --output "$archive" \
    https://github.com/spack/spack/releases/download/v${SPACK_RELEASE.version}/spack-${SPACK_RELEASE.version}.tar.gz
  echo "${SPACK_RELEASE.sha256}  $archive" | sha256sum --check --quiet
  mkdir -p /opt/spack
  tar --extract --gzip --file "$archive" --directory /opt/spack --strip-components 1 --no-same-owner
  rm "$archive"
  mkdir -p /opt/spack/etc/spack/site
  cat >/opt/spack/etc/spack/site/repos.yaml <<'YAML'
repos:
  builtin:
    git: https://github.com/spack/spack-packages.git
    commit: ${SPACK_RELEASE.packagesCommit}
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
}`;
