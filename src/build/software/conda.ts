import type { Architecture } from '../../template/layer.js';
import { ENSURE_PACKAGES } from './os-packages.js';
import { quoteAll } from './quote.js';

/**
 * https://github.com/conda-forge/miniforge/releases/tag/26.3.2-3. The digests are those that pyenv carries for the same
 * files: plugins/python-build/share/python-build/miniforge3-26.3.2-3 in https://github.com/pyenv/pyenv.
 */
const MINIFORGE = {
  version: '26.3.2-3',
  installers: {
    x86_64: { machine: 'x86_64', sha256: '848194851a98903134187fbb4ab50efe87b003e0c0f808f97644b7524a62bf2c' },
    arm64: { machine: 'aarch64', sha256: '2c113a69297e612b01ca0f320c22a3107a11f2ab9b573d79ac868a175945ce29' },
  } satisfies Record<Architecture, { readonly machine: string; readonly sha256: string }>,
} as const;

/** Installs packages from conda-forge into /opt/conda, which is made with the pinned Miniforge where it is missing. */
export function condaScript(packages: readonly string[], architecture: Architecture): string {
  const { machine, sha256 } = MINIFORGE.installers[architecture];
  const file = `Miniforge3-${MINIFORGE.version}-Linux-${machine}.sh`;
  return `${ENSURE_PACKAGES}

if [ ! -x /opt/conda/bin/conda ]; then
  ensure_packages bzip2 ca-certificates curl
  installer=$(mktemp)
  curl --fail --silent --show-error --location --retry 5 --output "$installer" \\
    https://github.com/conda-forge/miniforge/releases/download/${MINIFORGE.version}/${file}
  echo "${sha256}  $installer" | sha256sum --check --quiet
  bash "$installer" -b -p /opt/conda
  rm "$installer"
  ln -sf /opt/conda/bin/conda /usr/local/bin/conda
  ln -sf /opt/conda/etc/profile.d/conda.sh /etc/profile.d/conda.sh
fi
/opt/conda/bin/conda install --yes --channel conda-forge --override-channels ${quoteAll(packages)}
`;
}
