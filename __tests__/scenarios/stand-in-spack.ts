import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Where the stand-in keeps what it knows, and the programs of what it has "installed"; part of the image. */
const STATE = '/opt/stand-in-spack';

/** What the programs of a package do for the templates' tests, as bash. */
const PROGRAMS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  openmpi: {
    mpicc: `printf '#!/bin/sh\\necho "2 ranks, sum 1"\\n' >"$2" && chmod +x "$2"`,
    mpirun: 'while [ "$1" != -n ]; do shift; done; shift 2; "$@"',
  },
  python: { python3: 'exit 0' },
  cmake: { cmake: 'echo cmake version 3.26.0' },
  gromacs: {
    gmx_mpi: `case $1 in --version) echo 'MPI library:         MPI' ;; mdrun) echo 'Finished mdrun' >water.log ;; esac`,
  },
  namd: { namd2: 'echo Info: NAMD 2.14; exit 1' },
};

/**
 * Answers what the generated steps ask of Spack, without compiling anything. `compiler find` prints the calls so far,
 * those of the ancestors' builders among them; `install` remembers the spec for `find` and `load`, and makes the
 * package's programs.
 */
const PROGRAM = `#!/bin/bash
mkdir -p ${STATE}/bin
touch ${STATE}/calls ${STATE}/installed
case $1 in
  compiler) sed 's/^/earlier: spack /' ${STATE}/calls ;;
  find) [ "\${!#}" = --json ] || grep -qxF -- "\${!#}" ${STATE}/installed && echo "\${!#}" ;;
  install)
    echo "\${!#}" >>${STATE}/installed
    spec=\${!#}
    cp ${STATE}/packages/"\${spec%%@*}"/* ${STATE}/bin 2>/dev/null || true
    ;;
  load)
    for spec in "\${@:3}"; do
      grep -qF -- "$spec" ${STATE}/installed || { echo "==> Error: Spec '$spec' matches no installed packages." >&2; exit 1; }
    done
    echo 'export PATH=${STATE}/bin:$PATH'
    ;;
esac
status=$?
echo "$*" >>${STATE}/calls
exit $status
`;

/** A folder to lay over the base image, with `spack` on its PATH. */
export function makeSpackOverlay(): string {
  const overlay = mkdtempSync(join(tmpdir(), 'stand-in-spack-'));
  writeProgram(join(overlay, 'usr/local/bin'), 'spack', PROGRAM);
  for (const [name, programs] of Object.entries(PROGRAMS)) {
    for (const [program, text] of Object.entries(programs)) {
      writeProgram(join(overlay, STATE, 'packages', name), program, `#!/bin/bash\n${text}\n`);
    }
  }
  return overlay;
}

function writeProgram(folder: string, name: string, text: string): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, name), text, { mode: 0o755 });
}
