import { expect, test } from '@jest/globals';
import { manifestScript } from '../../src/build/on-instance/manifest.js';
import { RUN_CHECKS } from '../../src/build/on-instance/run-checks.js';
import { RUNNER } from '../../src/build/on-instance/runner.js';
import { sealedStateScript } from '../../src/build/on-instance/sealed-state.js';
import { sealScript } from '../../src/build/on-instance/seal.js';
import { builderSteps } from '../../src/build/run-steps.js';
import { nodeOf } from '../../src/graph/walk.js';
import { graphOf } from '../repository.js';
import { HAS_SHELLCHECK, shellcheck } from '../template/shellcheck.js';

/** A layer for which everything is generated that can be. */
const EVERYTHING = `users:
  - {name: alice, uid: 5001, gid: 5001, groups: [docker], shell: /bin/bash, home: /srv/alice}
files:
  - {source: conf/a.conf, destination: /etc/a.conf, mode: "0600", owner: "alice:alice"}
secrets:
  - {name: NGC_KEY, ssm: /hpc/ngc}
  - {name: LICENSE, secretsmanager: license}
software:
  packages: [git, jq]
  spack_packages: [gcc@11.3.0, gromacs@2023.1+mpi]
  spack_buildcache: https://binaries.spack.io/v0.23.0
  pip_packages: ["numpy>=1.26"]
  conda_packages: [scipy=1.11]
`;

const GIVEN = {
  name: 'app',
  version: '1.0.0',
  architecture: 'x86_64',
  templateHash: 'a'.repeat(64),
  base: 'al2023',
} as const;

(HAS_SHELLCHECK ? test : test.skip)('shellcheck has nothing to say of generated scripts (skipped without it)', () => {
  const graph = graphOf({ 'templates/app.yaml': EVERYTHING, 'templates/conf/a.conf': 'x\n' });
  const steps = builderSteps({ node: nodeOf(graph, 'app'), architecture: 'x86_64' }, 1000);
  expect(steps.length).toBeGreaterThanOrEqual(7);
  const scripts = Object.fromEntries(steps.map(({ name, script }) => [name, script]));
  const ofTheInstance = {
    runner: RUNNER,
    checks: RUN_CHECKS,
    seal: sealScript(['/root/.netrc', '/home/*/.npmrc']),
    sealedState: sealedStateScript(['/root/.netrc']),
    manifest: manifestScript(GIVEN),
  };
  const lines = shellcheck({ ...scripts, ...ofTheInstance }).split('\n');
  // SC2016: programs of awk, and messages, stand in single quotes because nothing is to be expanded in them.
  expect(lines.filter((line) => line !== '' && !line.endsWith('[SC2016]'))).toEqual([]);
});
