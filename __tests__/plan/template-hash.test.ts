import { createHash } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { computeHashes } from '../../src/plan/template-hash.js';
import { graphOf, type Files } from '../repository.js';

const BASE: Files = {
  'templates/root.yaml': `name: root
base: al2023
env: {A: "1", B: "2"}
software:
  packages: [gcc]
provision:
  - name: configure
    run: |
      echo hello
  - script: scripts/tune.sh
    inputs: [scripts/lib/**]
validate:
  inputs: [expected/*.txt]
  checks:
    - {name: compiler, run: gcc --version, contains: gcc}
`,
  'templates/scripts/tune.sh': '. scripts/lib/common.sh\n',
  'templates/scripts/lib/common.sh': 'echo common\n',
  'templates/expected/words.txt': 'one\n',
  'templates/child.yaml': 'extends: root\nprovision: [{run: echo child}]\n',
};

function hashesOf(
  files: Files,
): Record<'root' | 'child', { readonly templateHash: string; readonly validationHash: string }> {
  const hashes = computeHashes(graphOf(files));
  const of = (name: string) => {
    const found = hashes.get(`${name}/x86_64`);
    if (found === undefined) throw new Error(`no hash of ${name}`);
    return found;
  };
  return { root: of('root'), child: of('child') };
}

const edit = (path: string, from: string | RegExp, to: string): Files => {
  const before = BASE[path] ?? '';
  const after = before.replace(from, to);
  if (after === before) throw new Error(`nothing to replace in ${path}`);
  return { ...BASE, [path]: after };
};

describe('the template hash', () => {
  const before = hashesOf(BASE);

  test('is 64 hex digits, different for each layer', () => {
    expect(before.root.templateHash).toMatch(/^[0-9a-f]{64}$/);
    expect(before.child.templateHash).not.toBe(before.root.templateHash);
  });

  test('is the SHA-256 of the canonical JSON that the contract describes: a change here rebuilds every image', () => {
    const described =
      '{"architecture":"x86_64","base":{"alias":"al2023","kind":"alias"},"encrypt":null,"env":[{"A":"1"}],"files":[],' +
      '"format":2,"gpu":false,"name":"root","seal":null,"software":{"conda_packages":[],"packages":["gcc"],' +
      '"pip_packages":[],"spack_buildcache":null,"spack_packages":[]},"steps":[{"inputs":[],"reboot":false,' +
      '"script":"echo hello\\n"}],"users":[],"volume_gb":null}';
    const { root } = hashesOf({
      'templates/root.yaml': `env: {A: "1"}
software: {packages: [gcc]}
provision:
  - run: |
      echo hello
`,
      'templates/child.yaml': 'extends: root',
    });
    expect(root.templateHash).toBe(createHash('sha256').update(described).digest('hex'));
  });

  test.each<[string, Files]>([
    ['a comment', edit('templates/root.yaml', 'env:', '# why\nenv:')],
    ['the order of keys', edit('templates/root.yaml', '{A: "1", B: "2"}', '{B: "2", A: "1"}')],
    ['whitespace and quotes', edit('templates/root.yaml', 'env: {A: "1", B: "2"}', 'env:\n    A:   \'1\'\n    B: "2"')],
    ['the version', edit('templates/root.yaml', 'name: root', 'name: root\nversion: 2.0.0')],
    ['tags', edit('templates/root.yaml', 'name: root', 'name: root\ntags: {team: hpc}')],
    ['the builder', edit('templates/root.yaml', 'name: root', 'name: root\nbuilder: {instance_types: [c7i.large]}')],
    ['the name of a step', edit('templates/root.yaml', 'name: configure', 'name: set up')],
    ['a timeout', edit('templates/root.yaml', 'name: configure', 'name: configure\n    timeout_minutes: 5')],
    [
      'moving the template with its scripts',
      Object.fromEntries(
        Object.entries(BASE).map(([path, text]) => [path.replace('templates/', 'templates/moved/'), text]),
      ),
    ],
  ])('does not change with %s', (_, files) => {
    expect(hashesOf(files)).toEqual(before);
  });

  test.each<[string, Files]>([
    ['the base', edit('templates/root.yaml', 'al2023', 'ubuntu-24.04')],
    ['a variable', edit('templates/root.yaml', 'A: "1"', 'A: "3"')],
    ['a package', edit('templates/root.yaml', '[gcc]', '[gcc, make]')],
    ['a run step', edit('templates/root.yaml', 'echo hello', 'echo bye')],
    ['a script', edit('templates/scripts/tune.sh', 'common', 'other')],
    ['an input', edit('templates/scripts/lib/common.sh', 'common', 'other')],
    ['the volume size', edit('templates/root.yaml', 'name: root', 'name: root\nbuilder: {volume_gb: 60}')],
  ])('changes with %s, and that of the child too', (_, files) => {
    const after = hashesOf(files);
    expect(after.root.templateHash).not.toBe(before.root.templateHash);
    expect(after.child.templateHash).not.toBe(before.child.templateHash);
  });

  test('of the parent does not change with the child', () => {
    const after = hashesOf(edit('templates/child.yaml', 'echo child', 'echo other'));
    expect(after.root).toEqual(before.root);
    expect(after.child.templateHash).not.toBe(before.child.templateHash);
  });

  test.each([
    ['a check', edit('templates/root.yaml', 'contains: gcc', 'contains: GCC')],
    ['an input of the checks', edit('templates/expected/words.txt', 'one', 'two')],
  ])('does not change with %s, but the validation hash of the layer and its heirs does', (_, files) => {
    const after = hashesOf(files);
    expect(after.root.templateHash).toBe(before.root.templateHash);
    expect(after.child.templateHash).toBe(before.child.templateHash);
    expect(after.root.validationHash).not.toBe(before.root.validationHash);
    expect(after.child.validationHash).not.toBe(before.child.validationHash);
  });

  test('differs between architectures', () => {
    const hashes = computeHashes(graphOf({ 'templates/a.yaml': 'architectures: [x86_64, arm64]\n' }));
    expect(hashes.get('a/x86_64')?.templateHash).not.toBe(hashes.get('a/arm64')?.templateHash);
  });
});
