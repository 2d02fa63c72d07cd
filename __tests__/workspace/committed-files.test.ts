import { expect, test } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, cpSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { deflateSync } from 'node:zlib';
import { compareWithCommit, type CommittedFiles } from '../../src/workspace/committed-files.js';
import { createFsWorkspace } from '../../src/workspace/fs-workspace.js';
import { temporaryFolder } from './temporary-folder.js';

const AS = ['-c', 'user.name=a', '-c', 'user.email=a@example.com', '-c', 'protocol.file.allow=always'];

function git(folder: string, ...args: readonly string[]): string {
  return execFileSync('git', [...AS, ...args], {
    cwd: folder,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  }).trim();
}

interface Checkout {
  readonly root: string;
  readonly commit: string;
}

function committed(
  files: Readonly<Record<string, string>>,
  prepare: (root: string) => void = () => undefined,
): Checkout {
  const root = temporaryFolder(files);
  git(root, 'init', '--quiet');
  prepare(root);
  git(root, 'add', '--all');
  git(root, 'commit', '--quiet', '-m', 'one');
  return { root, commit: git(root, 'rev-parse', 'HEAD') };
}

function compare({ root, commit }: Checkout): CommittedFiles {
  return compareWithCommit(createFsWorkspace(root), { root, commit, env: process.env });
}

/** What is foreign once all of a folder's files were read. */
function foreignIn(checkout: Checkout, pattern = '**'): Readonly<Record<string, string>> {
  const { workspace, foreign } = compare(checkout);
  for (const path of workspace.glob([pattern])) {
    workspace.read(path);
    workspace.isExecutable(path);
  }
  return Object.fromEntries(foreign().map(({ path, why }) => [path, why]));
}

const FILES = { 'templates/tool.yaml': 'name: tool\n', 'templates/scripts/run.sh': 'true\n', motd: 'hello\n' };

test('a checkout of the commit has nothing foreign', () => {
  expect(foreignIn(committed(FILES))).toEqual({});
});

test('edited, added, removed files and other modes are foreign, each by its name', () => {
  const checkout = committed(FILES);
  writeFileSync(join(checkout.root, 'templates/tool.yaml'), 'name: other\n');
  writeFileSync(join(checkout.root, 'templates/more.yaml'), '');
  chmodSync(join(checkout.root, 'templates/scripts/run.sh'), 0o755);
  rmSync(join(checkout.root, 'motd'));
  expect(foreignIn(checkout)).toEqual({
    'templates/tool.yaml': 'differs from the commit',
    'templates/more.yaml': 'is not in the commit',
    'templates/scripts/run.sh': 'has another mode in the commit',
    motd: 'is in the commit, but not here',
  });
});

test('a file that is asked for by name and was taken away is foreign; one that never was is not', () => {
  const checkout = committed(FILES);
  rmSync(join(checkout.root, 'motd'));
  const { workspace, foreign } = compare(checkout);
  expect(workspace.read('motd')).toBeUndefined();
  expect(workspace.read('ami-layers.yaml')).toBeUndefined();
  expect(workspace.read('templates')).toBeUndefined();
  expect(foreign()).toEqual([{ path: 'motd', why: 'is in the commit, but not here' }]);
});

test('what was committed later, staged, or is another branch’s is foreign', () => {
  const checkout = committed(FILES);
  writeFileSync(join(checkout.root, 'motd'), 'staged\n');
  git(checkout.root, 'add', 'motd');
  expect(foreignIn(checkout)).toEqual({ motd: 'differs from the commit' });
  git(checkout.root, 'commit', '--quiet', '-m', 'two');
  expect(foreignIn(checkout)).toEqual({ motd: 'differs from the commit' });
});

test('a checkout that lacks the commit is foreign as a whole, whatever its files are', () => {
  const { root } = committed(FILES);
  for (const commit of ['a'.repeat(40), '', 'HEAD', '--help']) {
    const why = `is in a checkout that does not have the commit ${commit}`;
    expect(foreignIn({ root, commit }, 'motd')).toEqual({ motd: why });
  }
});

test('a folder that is no checkout is foreign', () => {
  expect(foreignIn({ root: temporaryFolder(FILES), commit: 'a'.repeat(40) }, 'motd')).toEqual({
    motd: 'is in no git checkout',
  });
});

test('another checkout inside is looked at as what it is', () => {
  const checkout = committed(FILES);
  git(checkout.root, 'clone', '--quiet', '.', 'copy');
  expect(foreignIn(checkout)).toEqual({});
  writeFileSync(join(checkout.root, 'copy/motd'), 'fork\n');
  git(join(checkout.root, 'copy'), 'commit', '--quiet', '--all', '-m', 'fork');
  expect(foreignIn(checkout)).toEqual({ 'copy/motd': 'differs from the commit' });
  mkdirSync(join(checkout.root, 'fork'));
  writeFileSync(join(checkout.root, 'fork/motd'), 'hello\n');
  git(join(checkout.root, 'fork'), 'init', '--quiet');
  expect(foreignIn(checkout)['fork/motd']).toContain('does not have the commit');
});

test.each<[string, (root: string) => void]>([
  ['an empty folder', (root) => mkdirSync(join(root, 'templates/.git'))],
  ['a copy', (root) => cpSync(join(root, '.git'), join(root, 'templates/.git'), { recursive: true })],
])('no file of the commit takes the place of another below %s that is called .git', (_name, plant) => {
  const checkout = committed({ ...FILES, 'tool.yaml': 'name: old\n', 'run.sh': 'true\n' }, (root) =>
    symlinkSync('templates', join(root, 'link')),
  );
  plant(checkout.root);
  mkdirSync(join(checkout.root, 'templates/scripts/.git'));
  writeFileSync(join(checkout.root, 'templates/tool.yaml'), 'name: old\n');
  const { workspace, foreign } = compare(checkout);
  expect(workspace.read('templates/tool.yaml')?.toString()).toBe('name: old\n');
  const why = 'is in a git repository that lies over files of the commit, in ';
  workspace.read('templates/scripts/run.sh');
  workspace.read('link/tool.yaml');
  expect(foreign()).toEqual([
    { path: 'templates/tool.yaml', why: `${why}templates` },
    { path: 'templates/scripts/run.sh', why: `${why}templates/scripts` },
    { path: 'link/tool.yaml', why: `${why}link` },
  ]);
});

test('a submodule has the commit that its repository names', () => {
  const shared = committed({ 'lib.sh': 'true\n' });
  const checkout = committed(FILES, (root) => git(root, 'submodule', '--quiet', 'add', shared.root, 'shared'));
  expect(foreignIn(checkout)).toEqual({});
  writeFileSync(join(checkout.root, 'shared/lib.sh'), 'false\n');
  git(join(checkout.root, 'shared'), 'commit', '--quiet', '--all', '-m', 'other');
  expect(foreignIn(checkout)).toEqual({ 'shared/lib.sh': 'differs from the commit' });
});

test('what is taken out of a submodule is missed, and a submodule that was not checked out', () => {
  const shared = committed({ 'lib.sh': 'true\n' });
  const checkout = committed(FILES, (root) => git(root, 'submodule', '--quiet', 'add', shared.root, 'shared'));
  rmSync(join(checkout.root, 'shared/lib.sh'));
  const missing = 'is in the commit, but not here';
  expect(foreignIn(checkout, 'templates/**')).toEqual({});
  for (const pattern of ['shared/*.sh', 's*/*.sh', '**/*.sh'])
    expect(foreignIn(checkout, pattern)).toEqual({ 'shared/lib.sh': missing });
  rmSync(join(checkout.root, 'shared'), { recursive: true });
  mkdirSync(join(checkout.root, 'shared'));
  expect(foreignIn(checkout, 'shared/*.sh')).toEqual({ shared: missing });
  expect(foreignIn(checkout, '**/*.sh')).toEqual({});
});

test('links are those of the commit', () => {
  const checkout = committed({ ...FILES, 'other/motd': 'other\n' }, (root) => {
    symlinkSync('motd', join(root, 'link'));
    symlinkSync('templates/scripts', join(root, 'folder'));
  });
  expect(foreignIn(checkout)).toEqual({});
  const { workspace, foreign } = compare(checkout);
  expect(workspace.read('folder/run.sh')?.toString()).toBe('true\n');
  rmSync(join(checkout.root, 'link'));
  symlinkSync('other/motd', join(checkout.root, 'link'));
  workspace.read('link');
  expect(foreign()).toEqual([{ path: 'link', why: 'differs from the commit' }]);
});

test('a repository cannot make up what a commit has', () => {
  const checkout = committed(FILES);
  const blob = git(checkout.root, 'rev-parse', 'HEAD:motd');
  writeFileSync(join(checkout.root, 'motd'), 'forged\n');
  // The object of the committed text now holds another, which git takes for it.
  const object = join(checkout.root, '.git/objects', blob.slice(0, 2), blob.slice(2));
  rmSync(object);
  writeFileSync(object, deflateSync(Buffer.from('blob 7\0forged\n')));
  expect(foreignIn(checkout)).toEqual({ motd: 'differs from the commit' });
  const forged = git(checkout.root, 'hash-object', '-w', 'motd');
  git(checkout.root, 'update-index', '--cacheinfo', `100644,${forged},motd`);
  git(
    checkout.root,
    'replace',
    checkout.commit,
    git(checkout.root, 'commit-tree', git(checkout.root, 'write-tree'), '-m', 'x'),
  );
  expect(foreignIn(checkout)).toEqual({ motd: 'differs from the commit' });
});

test('a folder that the repository holds back, or that is another than its id says, makes all foreign', () => {
  const checkout = committed(FILES);
  const tree = git(checkout.root, 'rev-parse', 'HEAD:templates');
  rmSync(join(checkout.root, '.git/objects', tree.slice(0, 2), tree.slice(2)));
  expect(foreignIn(checkout, 'motd').motd).toContain('does not have the commit');
});

test('a large file is what its pointer says', () => {
  const content = 'large\n';
  const oid = createHash('sha256').update(content).digest('hex');
  const checkout = committed({ 'big.bin': `version https://git-lfs.github.com/spec/v1\noid sha256:${oid}\nsize 6\n` });
  writeFileSync(join(checkout.root, 'big.bin'), content);
  expect(foreignIn(checkout)).toEqual({});
  writeFileSync(join(checkout.root, 'big.bin'), 'other\n');
  expect(foreignIn(checkout)).toEqual({ 'big.bin': 'differs from the commit' });
});

test('a repository whose ids are SHA-256 is compared as well', () => {
  const root = temporaryFolder(FILES);
  git(root, 'init', '--quiet', '--object-format=sha256');
  git(root, 'add', '--all');
  git(root, 'commit', '--quiet', '-m', 'one');
  const commit = git(root, 'rev-parse', 'HEAD');
  expect(foreignIn({ root, commit })).toEqual({});
  writeFileSync(join(root, 'motd'), 'other\n');
  expect(foreignIn({ root, commit })).toEqual({ motd: 'differs from the commit' });
});
