import { describe, expect, test } from '@jest/globals';
import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { softwareSteps } from '../../src/build/software-steps.js';
import type { Architecture, Software } from '../../src/template/layer.js';
import { temporaryFolder } from '../workspace/temporary-folder.js';

const NOTHING: Software = {
  packages: [],
  spackPackages: [],
  pipPackages: [],
  condaPackages: [],
  spackBuildcache: undefined,
};

function stepsOf(software: Partial<Software>, architecture: Architecture = 'x86_64') {
  return softwareSteps({ ...NOTHING, ...software }, { architecture });
}

/** Runs a script as the builder does: bash, strict. Commands in `programs` come before the machine's own. */
function run(script: string, programs: Readonly<Record<string, string>> = {}) {
  const folder = temporaryFolder({ step: script, 'bin/.keep': '' });
  for (const [name, text] of Object.entries(programs)) {
    writeFileSync(join(folder, 'bin', name), text);
    chmodSync(join(folder, 'bin', name), 0o755);
  }
  const { status, stdout, stderr } = spawnSync('bash', ['-euo', 'pipefail', join(folder, 'step')], {
    encoding: 'utf8',
    env: { HOME: '/root', PATH: `${join(folder, 'bin')}:/usr/sbin:/usr/bin:/sbin:/bin`, STAND_IN: folder },
  });
  return { status, stdout, stderr, folder };
}

const EXAMPLE: Software = {
  packages: ['gcc', 'make'],
  spackPackages: ['openmpi@4.1.4', 'gcc@11.3.0', 'gromacs@2023.1+mpi'],
  pipPackages: ['numpy==1.26.4', 'requests[socks]>=2.31,<3'],
  condaPackages: ['scipy=1.13'],
  spackBuildcache: 'https://binaries.spack.io/v2025.11.0',
};

describe('the steps that install software', () => {
  test('come in the order packages, Spack, pip, conda, and only where there is something to install', () => {
    expect(stepsOf(EXAMPLE).map(({ name }) => name)).toEqual([
      'install packages',
      'install Spack packages',
      'install pip packages',
      'install conda packages',
    ]);
    expect(stepsOf({})).toEqual([]);
    expect(stepsOf({ pipPackages: ['numpy'] }).map(({ name }) => name)).toEqual(['install pip packages']);
  });

  test.each(stepsOf(EXAMPLE))('"$name" reads as in golden/', ({ name, script }) => {
    expect(script).toBe(readFileSync(`__tests__/build/golden/${name.replaceAll(' ', '-')}.sh`, 'utf8'));
  });

  test.each([...stepsOf(EXAMPLE), ...stepsOf(EXAMPLE, 'arm64')])('"$name" is sound bash', ({ script }) => {
    execFileSync('bash', ['-n'], { input: script });
  });

  test('differ by architecture where downloads and compilers do', () => {
    const scripts = stepsOf(EXAMPLE, 'arm64').map(({ script }) => script);
    expect(scripts[1]).toContain('install_spack neoverse_n1');
    expect(scripts[3]).toContain('Miniforge3-26.3.2-3-Linux-aarch64.sh');
    expect(scripts[3]).toContain('2c113a69297e612b01ca0f320c22a3107a11f2ab9b573d79ac868a175945ce29');
  });
});

describe('installing packages', () => {
  const script = (...packages: string[]) => stepsOf({ packages })[0]!.script;
  const dpkgQuery = '#!/bin/sh\ncase "$5$4" in *there*) echo installed ;; *) exit 1 ;; esac\n';
  const recorder = '#!/bin/sh\necho "$(basename "$0") $*" >>"$STAND_IN/calls"\n';
  const calls = (folder: string) => readFileSync(join(folder, 'calls'), 'utf8');

  test('touches no network when everything is there', () => {
    const { status, stdout } = run(script('bash', 'coreutils'));
    expect({ status, stdout }).toEqual({ status: 0, stdout: 'Already installed: bash coreutils\n' });
  });

  test('asks apt for what is missing, and only for that', () => {
    const { status, folder } = run(script('there', 'missing', 'other=1.2*'), {
      'apt-get': recorder,
      'dpkg-query': dpkgQuery,
    });
    expect(status).toBe(0);
    expect(calls(folder)).toBe(
      'apt-get -o DPkg::Lock::Timeout=300 update\napt-get -o DPkg::Lock::Timeout=300 -y install missing other=1.2*\n',
    );
  });

  test.each([
    ['dnf', 'dnf -y install jq\n'],
    ['yum', 'yum -y install jq\n'],
    ['zypper', 'zypper --non-interactive install --auto-agree-with-licenses jq\n'],
  ])('asks %s for what no package provides', (manager, asked) => {
    const rpm = '#!/bin/sh\ncase "$*" in "-q --quiet --whatprovides curl" | "-q --quiet git") ;; *) exit 1 ;; esac\n';
    const folder = temporaryFolder({ step: script('git', 'curl', 'jq'), 'bin/.keep': '' });
    const bin = join(folder, 'bin');
    for (const [name, text] of Object.entries({
      [manager]: `#!/bin/sh\necho "${manager} $*" >>${folder}/calls\n`,
      rpm,
    })) {
      writeFileSync(join(bin, name), text, { mode: 0o755 });
    }
    // Only the stand-ins: this machine's own package manager must not be found.
    const { status } = spawnSync('/bin/bash', ['-euo', 'pipefail', join(folder, 'step')], { env: { PATH: bin } });
    expect(status).toBe(0);
    expect(calls(folder)).toBe(asked);
  });

  test('fails when the package manager fails', () => {
    const { status } = run(script('missing'), { dnf: '#!/bin/sh\nexit 5\n', rpm: '#!/bin/sh\nexit 1\n' });
    expect(status).toBe(5);
  });

  test('says so when there is no package manager', () => {
    const folder = temporaryFolder({ step: script('git') });
    const { status, stderr } = spawnSync('/bin/bash', ['-euo', 'pipefail', join(folder, 'step')], {
      encoding: 'utf8',
      env: { PATH: folder },
    });
    expect({ status, stderr }).toEqual({
      status: 1,
      stderr: 'This image has no package manager that is known here: dnf, yum, apt-get or zypper.\n',
    });
  });
});

describe('installing Spack packages', () => {
  /** Knows what it has installed, writes down what it is asked, and fails for a package called `broken`. */
  const spack = `#!/bin/bash
echo "$*" >>"$STAND_IN/calls"
spec="\${!#}"
case "$1" in
  find) [ "$spec" = --json ] || grep -qxF -- "$spec" "$STAND_IN/installed" 2>/dev/null && echo "$spec/abcdefg" ;;
  install) [ "$spec" != broken ] && echo "$spec" >>"$STAND_IN/installed" ;;
  mirror | config) [ "$2" != remove ] && [ "$4" != rm ] ;;
esac
`;
  const calls = (folder: string) =>
    readFileSync(join(folder, 'calls'), 'utf8')
      .trimEnd()
      .split('\n')
      .filter((call) => !call.startsWith('find '));
  const script = (software: Partial<Software>) => stepsOf(software)[0]!.script;
  const install = '#!/bin/sh\ncat >"$STAND_IN/lock"; echo "lock $*" >>"$STAND_IN/calls"\n';

  test('uses the Spack on PATH, the build cache, and the compiler first', () => {
    const { spackPackages, spackBuildcache } = EXAMPLE;
    const { status, folder } = run(script({ spackPackages, spackBuildcache }), { spack, install });
    expect(status).toBe(0);
    expect(calls(folder)).toEqual([
      'compiler find --scope site',
      'mirror remove --scope site ami-layers',
      'mirror add --scope site ami-layers https://binaries.spack.io/v2025.11.0',
      'buildcache keys --install --trust',
      'install --fail-fast --yes-to-all gcc@11.3.0',
      'config --scope site rm packages:all:prefer',
      'config --scope site add packages:all:prefer:["%c=gcc@11.3.0"]',
      'config --scope site add packages:all:prefer:["%cxx=gcc@11.3.0"]',
      'config --scope site add packages:all:prefer:["%fortran=gcc@11.3.0"]',
      'install --fail-fast --yes-to-all openmpi@4.1.4',
      'install --fail-fast --yes-to-all gromacs@2023.1+mpi',
      'lock -D -m 644 /dev/stdin /opt/ami-layers/spack.lock.json',
    ]);
    expect(readFileSync(join(folder, 'lock'), 'utf8')).toBe('--json/abcdefg\n');
  });

  test('leaves the compiler preference alone in a child that brings no compiler', () => {
    const { folder } = run(script({ spackPackages: ['gromacs@2023.1+mpi'] }), { spack, install });
    expect(calls(folder)).toEqual([
      'compiler find --scope site',
      'install --fail-fast --yes-to-all gromacs@2023.1+mpi',
      'lock -D -m 644 /dev/stdin /opt/ami-layers/spack.lock.json',
    ]);
  });

  test('skips what is installed', () => {
    const twice = script({ spackPackages: ['zlib@1.3', 'zlib@1.3'] });
    const { stdout, folder } = run(twice, { spack, install });
    expect(calls(folder)).toEqual([
      'compiler find --scope site',
      'install --fail-fast --yes-to-all zlib@1.3',
      'lock -D -m 644 /dev/stdin /opt/ami-layers/spack.lock.json',
    ]);
    expect(stdout.split('\n').slice(1, 3)).toEqual([
      'Installing zlib@1.3 with Spack',
      'zlib@1.3 is already installed: zlib@1.3/abcdefg',
    ]);
  });

  test('stops at the first spec that fails, and the log says which', () => {
    const { status, stdout, folder } = run(script({ spackPackages: ['broken', 'zlib'] }), { spack, install });
    expect(status).toBe(1);
    expect(stdout.split('\n').slice(1)).toEqual(['Installing broken with Spack', '']);
    expect(calls(folder)).toEqual(['compiler find --scope site', 'install --fail-fast --yes-to-all broken']);
  });
});
