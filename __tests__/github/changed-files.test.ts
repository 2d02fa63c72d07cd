import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { readChangedFiles, type ChangedFiles } from '../../src/github/changed-files.js';
import type { GithubEvent } from '../../src/github/event.js';
import { makeGit, uncommittedNames } from '../../src/github/git.js';

let root: string;
let repository: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'changed-files-'));
  repository = join(root, 'repository');
  mkdirSync(repository);
  git('init', '--quiet', '--initial-branch=main');
});

afterEach(() => rmSync(root, { recursive: true }));

function git(...args: readonly string[]): string {
  const settings = [
    'user.name=Amy',
    'user.email=amy@example.com',
    'commit.gpgsign=false',
    'protocol.file.allow=always',
  ];
  const all = [...settings.flatMap((setting) => ['-c', setting]), ...args];
  return execFileSync('git', all, { cwd: repository, encoding: 'utf8', stdio: 'pipe' }).trim();
}

/** Writes the files and commits everything; the commit's SHA. */
function commit(files: Readonly<Record<string, string>>): string {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(repository, path)), { recursive: true });
    writeFileSync(join(repository, path), text);
  }
  git('add', '--all');
  git('commit', '--quiet', '--message', 'change');
  return git('rev-parse', 'HEAD');
}

/** `main` and a branch that left it; main went on. Checked out as GitHub does it: a detached merge of the two. */
function pullRequest(): {
  readonly event: GithubEvent;
  readonly base: string;
  readonly head: string;
  readonly left: string;
} {
  const left = commit({ 'templates/base.yml': 'a', 'templates/app.yml': 'a', 'README.md': 'a' });
  git('checkout', '--quiet', '-b', 'topic');
  const head = commit({ 'templates/app.yml': 'b', 'scripts/größe "x".sh': 'b' });
  git('checkout', '--quiet', 'main');
  const base = commit({ 'README.md': 'b' });
  git('checkout', '--quiet', '--detach', 'main');
  git('merge', '--quiet', '--no-ff', '--message', 'merge', 'topic');
  return { event: pullEvent(base, head), base, head, left };
}

function pullEvent(baseSha: string, headSha: string): GithubEvent {
  const common = { target: false, action: 'opened', number: 42, baseRef: 'main', fork: false } as const;
  return { kind: 'pull_request', ...common, baseSha, headSha };
}

function pushEvent(before: string, after: string): GithubEvent {
  const common = { forced: false, deleted: false, defaultBranch: 'main', onDefaultBranch: true } as const;
  return { kind: 'push', ref: 'refs/heads/main', before, after, ...common };
}

function read(event: GithubEvent, base?: string, directory = repository): Promise<ChangedFiles> {
  return readChangedFiles({ event, directory, base, env: process.env, remote: undefined });
}

/** Only the newest `depth` commits of what is checked out, as actions/checkout makes it. */
function shallowClone(depth: number): string {
  const clone = join(root, 'clone');
  git('branch', '--force', 'merged', 'HEAD');
  git('clone', '--quiet', `--depth=${depth}`, '--branch=merged', `file://${repository}`, clone);
  return clone;
}

const FILES = ['scripts/größe "x".sh', 'templates/app.yml'];
const ZERO = '0'.repeat(40);
const DEEPER = 'Fix: set `fetch-depth: 2` (pull requests) or `fetch-depth: 0` for actions/checkout';

describe('the changed files of a pull request', () => {
  test('are those between the target branch and the merge that is checked out', async () => {
    const { event, base } = pullRequest();
    expect(await read(event)).toEqual({ known: true, base, files: FILES });
  });

  test('are known in a checkout of two commits', async () => {
    const { event, base } = pullRequest();
    expect(await read(event, undefined, shallowClone(2))).toEqual({ known: true, base, files: FILES });
  });

  test('are those since it left the target branch, when its head is checked out', async () => {
    const { event, left } = pullRequest();
    git('checkout', '--quiet', 'topic');
    expect(await read(event)).toEqual({ known: true, base: left, files: FILES });
  });

  test('are not those of the target branch, when its head is a merge of the target into it', async () => {
    const { base } = pullRequest();
    git('checkout', '--quiet', 'topic');
    git('merge', '--quiet', '--no-ff', '--message', 'catch up', 'main');
    const head = git('rev-parse', 'HEAD');
    expect(await read(pullEvent(base, head))).toEqual({ known: true, base, files: FILES });
  });

  test('are unknown in a checkout of one commit, with what to do about it', async () => {
    const { event, base } = pullRequest();
    expect(await read(event, undefined, shallowClone(1))).toEqual({
      known: false,
      why: `the base ${base} of the pull request is not in this checkout. ${DEEPER}`,
    });
  });
});

describe('the changed files of a push', () => {
  test('are those of all its commits', async () => {
    const before = commit({ a: '1', b: '1', c: '1' });
    commit({ a: '2' });
    const after = commit({ b: '2' });
    expect(await read(pushEvent(before, after))).toEqual({ known: true, base: before, files: ['a', 'b'] });
  });

  test('have a renamed file under both names, and a deleted one', async () => {
    const before = commit({ 'old.yml': 'the same text', 'gone.yml': 'x' });
    renameSync(join(repository, 'old.yml'), join(repository, 'new.yml'));
    rmSync(join(repository, 'gone.yml'));
    const after = commit({});
    expect(await read(pushEvent(before, after))).toEqual({
      known: true,
      base: before,
      files: ['gone.yml', 'new.yml', 'old.yml'],
    });
  });

  test('are named from the root of the repository, wherever the action runs', async () => {
    const before = commit({ 'sub/a': '1', b: '1' });
    const after = commit({ 'sub/a': '2', b: '2' });
    expect(await read(pushEvent(before, after), undefined, join(repository, 'sub'))).toEqual({
      known: true,
      base: before,
      files: ['b', 'sub/a'],
    });
  });

  test('are none for an empty one', async () => {
    const only = commit({ a: '1' });
    expect(await read(pushEvent(only, only))).toEqual({ known: true, base: only, files: [] });
  });

  test('are unknown for the first one of a branch', async () => {
    const after = commit({ a: '1' });
    expect(await read(pushEvent(ZERO, after))).toEqual({
      known: false,
      why: 'this is the first push of refs/heads/main: there is nothing to compare with',
    });
  });

  test('are unknown for a deletion', async () => {
    const before = commit({ a: '1' });
    expect(await read(pushEvent(before, ZERO))).toEqual({ known: false, why: 'refs/heads/main was deleted' });
  });

  test('are unknown when a forced push has left the commit before behind', async () => {
    const after = commit({ a: '1' });
    const lost = 'd'.repeat(40);
    expect(await read(pushEvent(lost, after))).toEqual({
      known: false,
      why: `the commit ${lost} before the push is not in this checkout. ${DEEPER}`,
    });
  });
});

describe('with a base of one’s own', () => {
  test('the files are those since the checkout left it', async () => {
    const { left } = pullRequest();
    git('checkout', '--quiet', 'topic');
    const event: GithubEvent = { kind: 'other', name: 'workflow_dispatch', onDefaultBranch: true };
    expect(await read(event, 'main')).toEqual({ known: true, base: left, files: FILES });
  });

  test.each(['no-such-branch', '--since=yesterday', ''])('that is "%s", they are unknown', async (base) => {
    const event = pushEvent(commit({ a: '1' }), commit({ a: '2' }));
    expect(await read(event, base)).toEqual({
      known: false,
      why: `the base "${base}" is not in this checkout. ${DEEPER}`,
    });
  });
});

describe('the changed files are unknown, and nothing is thrown,', () => {
  test('for an event without a base', async () => {
    expect(await read({ kind: 'other', name: 'schedule', onDefaultBranch: true })).toEqual({
      known: false,
      why: 'the event "schedule" has nothing to compare with',
    });
  });

  test('where there is no repository', async () => {
    const { event, base } = pullRequest();
    expect(await read(event, undefined, root)).toEqual({
      known: false,
      why: `the base ${base} of the pull request is not in this checkout. ${DEEPER}`,
    });
  });

  test('where there is no such directory', async () => {
    expect((await read(pushEvent('a'.repeat(40), 'b'.repeat(40)), undefined, join(root, 'none'))).known).toBe(false);
  });
});

test('what is not committed yet is edited, removed and new files, from the root, wherever it is asked', async () => {
  commit({ 'templates/edited.yml': 'a', 'templates/removed.yml': 'a', 'same.md': 'a', '.gitignore': '*.log\n' });
  writeFileSync(join(repository, 'templates/edited.yml'), 'b');
  rmSync(join(repository, 'templates/removed.yml'));
  writeFileSync(join(repository, 'new ö.sh'), 'b');
  writeFileSync(join(repository, 'ignored.log'), 'b');
  const names = await uncommittedNames(makeGit(join(repository, 'templates'), process.env));
  expect([...names].sort()).toEqual(['new ö.sh', 'templates/edited.yml', 'templates/removed.yml']);
  expect(await uncommittedNames(makeGit(root, process.env))).toEqual([]);
});
