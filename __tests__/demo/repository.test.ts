import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeRepository, type Repository } from '../../demo/repository.js';

let folder: string;
let repository: Repository;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'repository-'));
  mkdirSync(join(folder, 'project', 'templates'), { recursive: true });
  writeFileSync(join(folder, 'project', 'templates', 'a.yaml'), 'base: al2023\n');
  mkdirSync(join(folder, 'hosted'));
  repository = await makeRepository(join(folder, 'hosted'), join(folder, 'project'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const parentsOf = (checkout: string) =>
  execFileSync('git', ['log', '-1', '--format=%P'], { cwd: checkout, encoding: 'utf8' }).trim().split(' ');

test('a pull request is checked out as its merge into main, and merged with a merge commit', async () => {
  const { pull, files } = await repository.propose({
    number: 1,
    branch: 'add',
    title: 'Add a',
    changes: [{ kind: 'copy', from: 'templates', to: 'templates' }],
  });
  expect(files).toEqual([{ path: 'templates/a.yaml', status: 'added' }]);

  const merged = await repository.checkout('refs/pull/1/merge', pull.mergeSha);
  expect(parentsOf(merged)).toEqual([pull.base.sha, pull.head.sha]);
  expect(readFileSync(join(merged, 'templates', 'a.yaml'), 'utf8')).toBe('base: al2023\n');

  const { before, after } = await repository.merge(pull);
  expect(before).toBe(pull.base.sha);
  const main = await repository.checkout('refs/heads/main', after);
  expect(parentsOf(main)).toEqual([before, pull.head.sha]);
});

test('a later pull request has the edits of its own only', async () => {
  const edit = { kind: 'edit', file: 'templates/a.yaml', find: 'al2023', replace: 'al2' } as const;
  const { files } = await repository.propose({ number: 2, branch: 'edit', title: 'Edit a', changes: [edit] });
  expect(files).toEqual([{ path: 'templates/a.yaml', status: 'modified' }]);
});

test('an edit whose place is not there once is refused', async () => {
  const edit = { kind: 'edit', file: 'templates/a.yaml', find: 'nowhere', replace: '' } as const;
  const proposal = { number: 3, branch: 'none', title: 'None', changes: [edit] };
  await expect(repository.propose(proposal)).rejects.toThrow('"nowhere" stands 0 times in templates/a.yaml, not once');
});
