import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Where the stand-in keeps what it knows; part of the image. */
const STATE = '/opt/stand-in-spack';

/**
 * Answers what the generated steps ask of Spack, without compiling anything. `compiler find` prints the calls so far,
 * those of the ancestors' builders among them; `install` remembers the spec for `find`.
 */
const PROGRAM = `#!/bin/bash
mkdir -p ${STATE}
touch ${STATE}/calls ${STATE}/installed
case $1 in
  compiler) sed 's/^/earlier: spack /' ${STATE}/calls ;;
  find) grep -qxF -- "\${!#}" ${STATE}/installed && echo "\${!#}" ;;
  install) echo "\${!#}" >>${STATE}/installed ;;
esac
status=$?
echo "$*" >>${STATE}/calls
exit $status
`;

/** A folder to lay over the base image, with `spack` on its PATH. */
export function makeSpackOverlay(): string {
  const overlay = mkdtempSync(join(tmpdir(), 'stand-in-spack-'));
  const folder = join(overlay, 'usr/local/bin');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'spack'), PROGRAM, { mode: 0o755 });
  return overlay;
}
