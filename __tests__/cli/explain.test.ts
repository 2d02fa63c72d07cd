import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { symlinkSync } from 'node:fs';
import { canonicalJson } from '../../src/lib/canonical-json.js';
import { changedGroups, digestGroups } from '../../src/plan/input-groups.js';
import { hashInput, type HashInput } from '../../src/plan/template-hash.js';
import { createGitWorkspace } from '../../src/workspace/git-workspace.js';
import { createRepository, graphOf, type Repository } from '../repository.js';
import { typeIn } from './terminal.js';

const ROOT =
  'software: {packages: [git]}\nprovision: [{script: root.sh}]\nvalidate: {checks: [{run: git --version}]}\n';
const CHILD = 'extends: root\nprovision: [{run: echo child}]\n';

let repository: Repository;
function git(...args: readonly string[]): void {
  const identity = ['-c', 'user.name=t', '-c', 'user.email=t@example.com'];
  execFileSync('git', [...identity, ...args], { cwd: repository.root, stdio: 'pipe' });
}
function commit(): void {
  git('add', '-A');
  git('commit', '-qm', 'change');
}

beforeAll(() => {
  repository = createRepository({
    'templates/root.yaml': ROOT,
    'templates/root.sh': 'echo one\necho two\necho three\n',
    'templates/child.yaml': CHILD,
  });
  symlinkSync('root.yaml', `${repository.root}/templates/link.txt`);
  git('init', '-q');
  commit();
  repository.write({ 'templates/root.sh': 'echo one\necho 2\necho three\n' });
  commit();
  repository.write({
    'templates/root.yaml': ROOT.replace('git --version', 'git version'),
    'templates/leaf.yaml': 'extends: child\n',
  });
  commit();
});
afterAll(() => {
  repository.remove();
});

const explain = (...words: readonly string[]) => typeIn(repository.root, 'explain', ...words);

describe('explain', () => {
  test('prints what the hash is made from: it is the SHA-256 of the JSON form', async () => {
    const { out } = await explain('child', '--json');
    const { templateHash, input } = JSON.parse(out) as { templateHash: string; input: HashInput };
    expect(createHash('sha256').update(canonicalJson(input)).digest('hex')).toBe(templateHash);
    const { out: text } = await explain('child');
    expect(text).toContain(`# template hash ${templateHash}\nformat: 2\nname: child\n`);
    expect(text).toContain('steps:\n  - script: echo child\n');
    expect(text).not.toContain('users');
  });

  test('--against shows the lines that changed, and which layers only follow their parent', async () => {
    const { status, out } = await explain('child', '--against', 'HEAD~2');
    expect([status, out.replace(/[0-9a-f]{6}/g, '<hash>')]).toEqual([
      0,
      `child/x86_64 differs from HEAD~2:

root: hash <hash> → <hash>: steps; its checks
--- HEAD~2
+++ now
@@ -12,5 +12,5 @@
   - script: |
       echo one
-      echo two
+      echo 2
       echo three
     reboot: false
--- HEAD~2
+++ now
@@ -1,5 +1,5 @@
 format: 2
 checks:
-  - run: git --version
+  - run: git version
     exit_code: 0
     contains: null

child: hash <hash> → <hash>: only its parent; its checks`,
    ]);
  });

  test('--against says when only checks changed, when nothing did, and when the layer is new', async () => {
    expect((await explain('root', '--against', 'HEAD~1')).out).toContain('\nroot: the image stays; its checks\n');
    expect((await explain('root', '--against', 'HEAD')).out).toBe('root/x86_64 has the same hashes as at HEAD.');
    expect((await explain('leaf', '--against', 'HEAD~1')).out).toContain('leaf is new');
    const { out } = await explain('child', '--against', 'HEAD~1', '--json');
    expect(JSON.parse(out)).toMatchObject({
      against: 'HEAD~1',
      changes: [
        { layer: 'root', groups: [], checksChanged: true },
        { layer: 'child', groups: [], checksChanged: true },
      ],
    });
  });

  test('--against refuses what git does not know', async () => {
    for (const unknown of ['nowhere', '--upload-pack=x']) {
      const { status, err } = await explain('root', `--against=${unknown}`);
      expect([status, err]).toEqual([
        1,
        expect.stringContaining(`--against ${unknown}: git knows no such commit here`),
      ]);
    }
  });
});

describe('the workspace of a commit', () => {
  test('has the files of then, through symbolic links too', () => {
    const then = createGitWorkspace(repository.root, { commit: 'HEAD~2', env: process.env });
    expect(Buffer.from(then.read('templates/root.sh') ?? []).toString()).toContain('echo two');
    expect(Buffer.from(then.read('templates/link.txt') ?? []).toString()).toBe(ROOT);
    expect(then.read('templates/leaf.yaml')).toBeUndefined();
    expect(then.glob(['templates/*.yaml'])).toEqual(['templates/child.yaml', 'templates/root.yaml']);
    expect(then.isExecutable('templates/root.sh')).toBe(false);
  });
});

describe('the digests of inputs', () => {
  const graph = graphOf({ 'templates/root.yaml': 'software: {packages: [git]}\nprovision: [{run: echo}]\n' });
  const input = hashInput(graph.nodes.get('root')!, 'x86_64', undefined);

  test('name the parts that are there, and tell which changed', () => {
    const digests = digestGroups(input);
    expect(digests).toMatch(/^base=[0-9a-f]{6} steps=[0-9a-f]{6} packages=[0-9a-f]{6}$/);
    expect(changedGroups(input, digests)).toEqual([]);
    expect(changedGroups({ ...input, gpu: true, steps: [] }, digests)).toEqual(['gpu', 'steps']);
  });

  test('fit into a tag when every part is there', () => {
    const names = [...Object.keys({ ...input, parent: '' }), ...Object.keys(input.software)];
    const parts = names.filter((name) => !['format', 'name', 'architecture', 'software', 'base'].includes(name));
    expect(parts.map((name) => `${name}=123456`).join(' ').length).toBeLessThanOrEqual(256);
  });
});
