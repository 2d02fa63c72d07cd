import { describe, expect, test } from '@jest/globals';
import { chmodSync, mkdirSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createFsWorkspace } from '../../src/workspace/fs-workspace.js';
import { temporaryFolder } from './temporary-folder.js';

const text = (bytes: Uint8Array | undefined) => (bytes === undefined ? undefined : Buffer.from(bytes).toString());

describe('a workspace', () => {
  const outside = temporaryFolder({ 'secret.txt': 'secret' });
  const root = temporaryFolder({
    'a.txt': 'a',
    'folder/b.sh': 'b',
    'folder/.hidden': 'hidden',
    'folder/Z.txt': 'Z',
    '.git/config': 'git',
    'node_modules/package/index.js': 'package',
  });
  chmodSync(join(root, 'folder/b.sh'), 0o755);
  symlinkSync('folder/b.sh', join(root, 'inner-link.sh'));
  symlinkSync(join(outside, 'secret.txt'), join(root, 'outer-link.txt'));
  symlinkSync(outside, join(root, 'outer-folder'));
  symlinkSync('nowhere', join(root, 'dangling'));
  mkdirSync(join(root, 'loop'));
  symlinkSync('..', join(root, 'loop/up'));
  symlinkSync('.git/config', join(root, 'git-link'));
  symlinkSync('.git', join(root, 'git-folder'));
  mkdirSync(join(root, 'sub'));
  writeFileSync(join(root, 'sub/.git'), 'gitdir: elsewhere');
  mkdirSync(join(root, 'circle-a'));
  mkdirSync(join(root, 'circle-b/deep'), { recursive: true });
  writeFileSync(join(root, 'circle-b/deep/in.txt'), 'in');
  symlinkSync('../circle-b/deep', join(root, 'circle-a/deep'));
  symlinkSync('../../circle-a', join(root, 'circle-b/deep/back'));
  const workspace = createFsWorkspace(root);

  test.each([
    ['a.txt', 'a'],
    ['./folder/../a.txt', 'a'],
    ['folder/.hidden', 'hidden'],
    ['inner-link.sh', 'b'],
    ['missing.txt', undefined],
    ['folder', undefined],
    ['dangling', undefined],
    ['outer-link.txt', undefined],
    ['outer-folder/secret.txt', undefined],
    [`../${outside.split('/').at(-1) ?? ''}/secret.txt`, undefined],
    [join(outside, 'secret.txt'), undefined],
  ])('reads %s', (path, content) => {
    expect(text(workspace.read(path))).toBe(content);
  });

  test.each([
    ['folder/b.sh', true],
    ['inner-link.sh', true],
    ['a.txt', false],
    ['missing.txt', false],
  ])('knows whether %s may be executed', (path, executable) => {
    expect(workspace.isExecutable(path)).toBe(executable);
  });

  test('says of a file that is larger than what can be read that it is', () => {
    writeFileSync(join(root, 'image.iso'), '');
    truncateSync(join(root, 'image.iso'), 3 * 2 ** 30);
    expect(() => workspace.read('image.iso')).toThrow(
      'image.iso has 3221225472 bytes, more than the 2147483647 that can be read',
    );
    rmSync(join(root, 'image.iso'));
  });

  test('lists matching files sorted by code unit, with hidden ones, without .git and node_modules', () => {
    expect(workspace.glob(['folder/**', '*.txt'])).toEqual(['a.txt', 'folder/.hidden', 'folder/Z.txt', 'folder/b.sh']);
    expect(workspace.glob(['.git/**', 'node_modules/**', '*.js'])).toEqual([]);
  });

  test.each(['.git/config', '.GIT/config', 'folder/../.git/config', 'git-link', 'git-folder/config', 'sub/.git'])(
    '%s is what git keeps for itself',
    (path) => {
      expect(workspace.read(path)).toBeUndefined();
      expect(workspace.isExecutable(path)).toBe(false);
      expect(workspace.glob([path])).toEqual([]);
    },
  );

  test('no pattern finds what git keeps, by whatever link', () => {
    const all = ['**', '.git/*', '.g[i]t/*', '{.git,x}/**', 'git-folder/**', '**/config', 'sub/**', '*/.git'];
    expect(workspace.glob(all).filter((path) => /git/i.test(path))).toEqual([]);
    expect(createFsWorkspace(join(root, '.git')).glob(['**'])).toEqual([]);
  });

  test('links in a circle are walked once, and the files of linked folders found', () => {
    expect(workspace.glob(['loop/**/a.txt', 'circle-a/**'])).toEqual(['circle-a/deep/in.txt', 'loop/up/a.txt']);
  });

  test('lists nothing outside, whatever the pattern or link', () => {
    expect(workspace.glob(['**/secret.txt', '../**/secret.txt', 'outer-link.txt'])).toEqual([]);
  });

  test('is refused for a folder that does not exist', () => {
    expect(() => createFsWorkspace(join(root, 'nowhere'))).toThrow('ENOENT');
  });
});
