import { credentialFunctions } from './credentials/find-credentials.js';
import { BUNDLE_ROOT } from './layout.js';

/**
 * Runs first on a fresh instance of every image: nothing of the builder is left but what its layer put there. A process
 * that a step left behind may have written after the seal, so the credentials are looked for again.
 *
 * @param allow paths of credentials that may stay; `*` is a wildcard.
 */
export function sealedStateScript(allow: readonly string[]): string {
  return `#!/bin/bash
set -u
${credentialFunctions(allow)}

test ! -e ${BUNDLE_ROOT} || { echo "the builder's bundle is still in ${BUNDLE_ROOT}"; exit 1; }
test ! -e /etc/machine-id || test -s /etc/machine-id || { echo "/etc/machine-id is empty: first boot did not run"; exit 1; }
found=$(find_credentials; find_left) || exit 1
if [ -n "$found" ]; then
  printf 'written after the seal, by a process that a step left running or a service that starts at boot:\\n%s\\n' "$found"
  exit 1
fi
`;
}
