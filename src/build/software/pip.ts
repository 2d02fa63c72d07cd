import { ENSURE_PACKAGES } from './os-packages.js';
import { quoteAll } from './quote.js';

/**
 * Installs Python packages into the virtual environment /opt/python, whose `bin` login shells find last on PATH. Not
 * into the system's Python: distributions since 2023 refuse that (PEP 668), and it breaks their own tools.
 */
export function pipScript(packages: readonly string[]): string {
  return `${ENSURE_PACKAGES}

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
/opt/python/bin/pip --disable-pip-version-check --no-cache-dir install ${quoteAll(packages)}
`;
}
