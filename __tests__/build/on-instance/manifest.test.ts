import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { MARKER } from '../../../src/build/on-instance/layout.js';
import { manifestScript, shownManifest, type ManifestLayer } from '../../../src/build/on-instance/manifest.js';
import { diffManifests, parseManifest, type Manifest } from '../../../src/images/manifest.js';
import { renderManifestDiff } from '../../../src/report/manifest-diff.js';

const ROOT: ManifestLayer = {
  name: 'root',
  version: '1.0.0',
  architecture: 'x86_64',
  templateHash: 'a'.repeat(64),
  base: 'al2023',
};
const CHILD: ManifestLayer = {
  ...ROOT,
  name: 'child',
  version: undefined,
  templateHash: 'b'.repeat(64),
  base: undefined,
};

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'manifest-'));
  write('bin/dpkg-query', '#!/bin/sh\nexit 1\n');
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

function write(path: string, text: string): void {
  mkdirSync(join(folder, dirname(path)), { recursive: true });
  writeFileSync(join(folder, path), text, { mode: 0o755 });
}

/** The step, on a disk of its own instead of this machine's; programs in its `bin` come first. */
function run(layer: ManifestLayer): string {
  const script = manifestScript(layer)
    .replaceAll('/opt/', `${folder}/opt/`)
    .replaceAll('/usr/local/lib', `${folder}/usr/local/lib`);
  const PATH = `${folder}/bin:${process.env.PATH ?? ''}`;
  execFileSync('bash', ['-euo', 'pipefail'], { input: script, env: { PATH }, stdio: ['pipe', 'pipe', 'inherit'] });
  return readFileSync(join(folder, 'opt/ami-layers/manifest.json'), 'utf8');
}

function manifest(text: string): Manifest {
  const read = parseManifest(text);
  if (read === undefined) throw new Error(`no manifest: ${text}`);
  return read;
}

const DEB = String.raw`#!/bin/sh
printf 'installed\tdeb\tzlib1g\t1:1.2.13\tamd64\ninstalled\tdeb\tbash\t5.2\tamd64\nconfig-files\tdeb\tgone\t1\tall\n'
`;

describe('writing the manifest', () => {
  test('lists what is installed, sorted, whatever installed it', () => {
    write('bin/dpkg-query', DEB);
    write(
      'opt/python/lib/python3.11/site-packages/numpy-1.26.4.dist-info/METADATA',
      'Name: numpy\nVersion: 1.26.4\n\nName: no\n',
    );
    write('usr/local/lib/python3/dist-packages/x.dist-info/METADATA', 'Version: 2 "b"\\\nName: x\n');
    write('opt/conda/conda-meta/gcc_linux-64-12.3.0-h6477408_3.json', '{}');
    write('opt/conda/conda-meta/history', '');
    write('opt/spack/bin/spack', '#!/bin/sh\necho "spack gromacs 2023.1 linux-debian12-x86_64_v3"\necho "==> noise"\n');
    const text = run(ROOT);
    expect(manifest(text)).toEqual({
      format: 1,
      system: { id: expect.any(String), version: expect.any(String) },
      layers: [
        { name: 'root', version: '1.0.0', architecture: 'x86_64', templateHash: ROOT.templateHash, base: 'al2023' },
      ],
      packages: [
        { type: 'conda', name: 'gcc_linux-64', version: '12.3.0' },
        { type: 'deb', name: 'bash', version: '5.2', architecture: 'amd64' },
        { type: 'deb', name: 'zlib1g', version: '1:1.2.13', architecture: 'amd64' },
        { type: 'pip', name: 'numpy', version: '1.26.4' },
        { type: 'pip', name: 'x', version: '2' },
        { type: 'spack', name: 'gromacs', version: '2023.1', architecture: 'linux-debian12-x86_64_v3' },
      ],
    });
    expect(run(ROOT)).toBe(text);
  });

  test('adds its layer to those of the parent, once', () => {
    run(ROOT);
    const text = run(CHILD);
    expect(manifest(text).layers.map(({ name }) => name)).toEqual(['root', 'child']);
    expect(manifest(text).packages).toEqual([]);
    expect(run(CHILD)).toBe(text);
  });

  test('asks rpm where there is no dpkg', () => {
    rmSync(join(folder, 'bin/dpkg-query'));
    write(
      'bin/rpm',
      String.raw`#!/bin/sh
printf 'rpm\tgpg-pubkey\t1-2\t(none)\nrpm\topenssl\t1:3.0.8-1.amzn2023\tx86_64\n'
`,
    );
    // Only the folder's programs and the few that the step needs, so that this machine's dpkg-query is not found.
    for (const tool of ['awk', 'cat', 'chmod', 'find', 'grep', 'mkdir', 'mv', 'sed', 'sort', 'tr', 'xargs']) {
      const path = execFileSync('bash', ['-c', `command -v ${tool}`], { encoding: 'utf8' }).trim();
      write(`only/${tool}`, `#!/bin/sh\nexec ${path} "$@"\n`);
    }
    const script = manifestScript(ROOT).replaceAll('/opt/', `${folder}/opt/`);
    const bash = execFileSync('bash', ['-c', 'command -v bash'], { encoding: 'utf8' }).trim();
    execFileSync(bash, ['-euo', 'pipefail'], { input: script, env: { PATH: `${folder}/only:${folder}/bin` } });
    const text = readFileSync(join(folder, 'opt/ami-layers/manifest.json'), 'utf8');
    expect(manifest(text).packages.filter(({ type }) => type === 'rpm')).toEqual([
      { type: 'rpm', name: 'openssl', version: '1:3.0.8-1.amzn2023', architecture: 'x86_64' },
    ]);
  });

  test('is sound shell', () => {
    const { error, stdout } = spawnSync('shellcheck', ['--shell=bash', '--severity=warning', '-'], {
      input: manifestScript(ROOT),
      encoding: 'utf8',
    });
    if (error !== undefined) console.warn('shellcheck is not installed: the script was only run');
    else expect(stdout).toBe('');
  });
});

describe('the difference of two manifests', () => {
  const of = (...packages: Manifest['packages']): Manifest => ({
    format: 1,
    system: { id: 'debian', version: '12' },
    layers: [],
    packages,
  });
  const deb = (name: string, version: string) => ({ type: 'deb', name, version });

  test('names what was added, removed and changed', () => {
    const before = of(deb('a', '1'), deb('b', '1'), deb('k', '1'), deb('k', '2'));
    const after = of(deb('b', '2'), deb('c', '1'), deb('k', '2'), deb('k', '3'));
    expect(renderManifestDiff(diffManifests(before, after))).toEqual([
      '- deb a 1',
      '~ deb b 1 → 2',
      '+ deb c 1',
      '~ deb k 1, 2 → 2, 3',
      '',
      '4 packages: 1 added, 1 removed, 2 changed',
    ]);
    expect(renderManifestDiff(diffManifests(before, before))).toEqual(['Both have the same packages.']);
  });

  test('needs manifests', () => {
    for (const text of ['', '{}', '{"format": 2}', '[]']) expect(parseManifest(text)).toBeUndefined();
  });
});

test('of an answer, the whole manifest is read; one that the agent has cut is no manifest', () => {
  const shown = (text: string) => shownManifest(`before\n${MARKER} manifest ${text}\nafter\n`);
  expect(shown('aGVsbG8=')).toEqual(Buffer.from('hello'));
  expect(shown('aGVsbG8--output truncated--')).toBe('cut');
  expect(shownManifest('before\nafter\n')).toBeUndefined();
});
