import { overlayOf } from './overlay-of.js';

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
const PROGRAM = `mkdir -p ${STATE}/bin
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
exit $status`;

/** A folder to lay over the base image, with `spack` on its PATH. */
export function makeSpackOverlay(): string {
  const packages = Object.entries(PROGRAMS).flatMap(([name, programs]) =>
    Object.entries(programs).map(([program, text]): [string, string] => [`${STATE}/packages/${name}/${program}`, text]),
  );
  return overlayOf({ 'usr/local/bin/spack': PROGRAM, ...Object.fromEntries(packages) });
}
