import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { readFileSync, rmSync } from 'node:fs';
import { globSync } from 'tinyglobby';
import type { Files } from '../repository.js';
import { failureOf, outcomes } from './outcomes.js';
import { openRig, type Rig, type Run } from './rig.js';
import { makeCudaOverlay } from './stand-in-cuda.js';
import { makeSpackOverlay } from './stand-in-spack.js';

let overlays: readonly string[];
let rig: Rig;
beforeAll(async () => {
  overlays = [makeSpackOverlay(), makeCudaOverlay()];
  rig = await openRig({ baseOverlays: [...overlays] });
});
afterAll(async () => {
  await rig.close();
  for (const overlay of overlays) rmSync(overlay, { recursive: true });
});

/** The templates of some folders as they are shipped, with the files beside them. */
function shipped(...folders: readonly string[]): Files {
  const paths = globSync(folders.map((folder) => `templates/${folder}/**`));
  return Object.fromEntries(paths.map((path) => [path, readFileSync(path, 'utf8')]));
}

/** A layer on a shipped one that breaks what that one's test guards; it inherits the test. */
function mutant(parent: string, breaking: string): string {
  return `extends: ${parent}\nprovision:\n  - run: ${JSON.stringify(breaking)}\n`;
}

/** Shipped templates, and for each a layer on top that breaks something: the step, and the last line its test says. */
interface Family {
  readonly folder: string;
  readonly layers: readonly string[];
  readonly mutants: Readonly<Record<string, readonly [parent: string, breaking: string, says: string]>>;
}

const STOOD_IN_FOR: readonly Family[] = [
  {
    folder: 'hpc',
    layers: ['foundation', 'gromacs', 'namd'],
    mutants: {
      'no-compiler': ['foundation', 'rm /opt/stand-in-spack/bin/mpicc', 'mpicc: command not found'],
      'one-rank': [
        'foundation',
        "printf '#!/bin/sh\\necho 1 ranks, sum 0\\n' >/opt/stand-in-spack/bin/mpirun",
        'two ranks say "1 ranks, sum 0"',
      ],
      'no-mpi': [
        'gromacs',
        "printf '#!/bin/sh\\necho MPI library: thread_mpi\\n' >/opt/stand-in-spack/bin/gmx_mpi",
        'this GROMACS was compiled without MPI',
      ],
      'no-namd': ['namd', 'sed -i /namd/d /opt/stand-in-spack/installed', 'matches no installed packages'],
    },
  },
  {
    folder: 'ml',
    layers: ['pytorch-cuda'],
    mutants: {
      'no-driver': ['pytorch-cuda', 'rm /usr/local/bin/nvidia-smi', 'nvidia-smi: command not found'],
      'no-torch': ['pytorch-cuda', '/opt/python/bin/pip uninstall torch', "No module named 'torch'"],
    },
  },
];

const REAL: readonly Family[] = [
  {
    folder: 'genomics',
    layers: ['genomics'],
    mutants: {
      'no-aligner': ['genomics', 'rm "$(command -v bwa)"', 'bwa: command not found'],
      'blind-caller': [
        'genomics',
        'printf "#!/bin/sh\\nexit 0\\n" >/usr/local/bin/bedtools; chmod +x /usr/local/bin/bedtools',
        'only 0 bases are covered',
      ],
    },
  },
  {
    folder: 'hardened-base',
    layers: ['hardened-base'],
    mutants: {
      'root-login': [
        'hardened-base',
        'echo PermitRootLogin yes >/etc/ssh/sshd_config.d/00-oops.conf',
        'wrong: sshd has permitrootlogin yes, not no',
      ],
      router: [
        'hardened-base',
        'echo net.ipv4.ip_forward=1 >/etc/sysctl.d/99-oops.conf',
        'net\\.ipv4\\.ip_forward is switched on',
      ],
      'open-file': ['hardened-base', 'chmod 666 /etc/passwd', 'wrong: everybody can write /etc/passwd'],
    },
  },
];

const WEB: Family = {
  folder: 'web',
  layers: ['web'],
  mutants: {
    'no-page': ['web', 'rm "$WEB_ROOT/index.html"', 'there is no index.html'],
    'wrong-port': [
      'web',
      'sed -i "s/$WEB_PORT/1$WEB_PORT/" /etc/nginx/conf.d/site.conf',
      'Failed to connect to 127.0.0.1 port 8080',
    ],
    'open-page': ['web', 'chmod 666 "$WEB_ROOT/index.html"', 'others than root can write /srv/www/index.html'],
  },
};

async function buildFamilies(families: readonly Family[], maxParallel: number): Promise<Run> {
  const mutants = families.flatMap(({ mutants }) =>
    Object.entries(mutants).map(([name, [parent, breaking]]) => [
      `templates/mutants/${name}.yaml`,
      mutant(parent, breaking),
    ]),
  );
  const project = rig.project({
    ...shipped(...families.map(({ folder }) => folder)),
    ...(Object.fromEntries(mutants) as Files),
  });
  return project.build({ maxParallel });
}

/** What became of a layer, and what its log ends with when that is no image. */
function endOf(run: Run, name: string): readonly string[] {
  const became = outcomes(run.report)[name] ?? 'nothing';
  if (!became.startsWith('failed')) return [name, became, ''];
  const { logTail } = failureOf(run.report, name) as { readonly logTail: readonly string[] };
  return [name, became, logTail.join('\n')];
}

function expectMutantsRejected(run: Run, families: readonly Family[]): void {
  for (const { layers, mutants } of families) {
    for (const name of layers) expect(endOf(run, name)).toEqual([name, 'built', '']);
    for (const [name, [, , says]] of Object.entries(mutants)) {
      const rejected = expect.stringMatching(/^failed: check /);
      expect(endOf(run, name)).toEqual([name, rejected, expect.stringContaining(says)]);
    }
  }
}

test('those for HPC and machine learning are built, and their tests reject what is broken', async () => {
  expectMutantsRejected(await buildFamilies(STOOD_IN_FOR, 4), STOOD_IN_FOR);
});

/** Minutes, and a network: for who changes these templates. See CONTRIBUTING.md. */
const described = process.env.REAL_PACKAGES === '1' ? describe : describe.skip;
described("with the distribution's own packages (REAL_PACKAGES=1; Debian or Ubuntu with a mirror)", () => {
  test('genomics and the hardened base are built, and their tests reject what is broken', async () => {
    expectMutantsRejected(await buildFamilies(REAL, 4), REAL);
  }, 600_000);

  test('the web server is built, and its test rejects what is broken', async () => {
    // One after the other: instances of the sandbox share this machine's ports.
    expectMutantsRejected(await buildFamilies([WEB], 1), [WEB]);
  }, 600_000);
});
