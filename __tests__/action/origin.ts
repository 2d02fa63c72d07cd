import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Files } from '../repository.js';

export const NAME = 'octo-org/octo-repo';

/** A repository as GitHub has it, with `main`, a branch that left it, and GitHub's merges of the two. */
export interface Origin {
  /** In place of `https://github.com`. */
  readonly serverUrl: string;
  /** The folder of the bare repository. */
  readonly bare: string;
  readonly commits: Commits;
  /** Clones it, as actions/checkout does: one commit of history unless more is asked for, without credentials. */
  readonly checkout: (revision: string, options?: CheckoutOptions) => string;
  readonly remove: () => void;
}

export interface Commits {
  /** `main` before and after its last push. */
  readonly before: string;
  readonly main: string;
  /** Where `topic` left `main`, and its head. */
  readonly left: string;
  readonly topic: string;
  /** GitHub's merge of `topic` into `main`, as `refs/pull/4/merge` and in the merge queue. */
  readonly merge: string;
  /** Was `main` before a forced push: still there, as on GitHub, though no branch has it. */
  readonly lost: string;
}

export interface CheckoutOptions {
  /** 0: all. Default: 1. */
  readonly depth?: number;
  /** `blob:none`, `tree:0` */
  readonly filter?: string;
}

const LAYER = (text: string): string => `provision:\n  - name: one\n    run: echo ${text}\n`;

const SETTINGS = {
  'user.name': 'Ada',
  'user.email': 'ada@example.com',
  'commit.gpgsign': 'false',
  'advice.detachedHead': 'false',
  'init.defaultBranch': 'main',
};

export function createOrigin(): Origin {
  const root = mkdtempSync(join(tmpdir(), 'ami-origin-'));
  const work = join(root, 'work');
  const bare = join(root, 'server', NAME);
  const serverUrl = `file://${join(root, 'server')}`;
  mkdirSync(work);
  git(work, 'init', '--quiet');

  const commit = (files: Files): string => {
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(work, path)), { recursive: true });
      writeFileSync(join(work, path), text);
    }
    git(work, 'add', '--all');
    git(work, 'commit', '--quiet', '--message', 'change');
    return git(work, 'rev-parse', 'HEAD');
  };
  const app = `extends: base\n${LAYER('app')}`;
  const lost = commit({ 'templates/other.yaml': LAYER('lost') });
  git(work, 'commit', '--quiet', '--amend', '--message', 'forced');
  const left = commit({
    'templates/base.yaml': LAYER('base'),
    'templates/app.yaml': app,
    'templates/other.yaml': LAYER('other'),
  });
  git(work, 'checkout', '--quiet', '-b', 'topic');
  commit({ 'templates/app.yaml': `extends: base\n${LAYER('better')}` });
  const topic = commit({ 'docs/topic.md': 'topic' });
  git(work, 'checkout', '--quiet', 'main');
  const before = commit({ 'README.md': 'one' });
  commit({ 'README.md': 'two' });
  const main = commit({ 'templates/other.yaml': LAYER('another') });
  git(work, 'checkout', '--quiet', '--detach', 'main');
  git(work, 'merge', '--quiet', '--no-ff', '--message', 'merge', 'topic');
  const merge = git(work, 'rev-parse', 'HEAD');
  git(work, 'update-ref', 'refs/pull/4/merge', merge);
  git(work, 'update-ref', 'refs/pull/4/head', topic);
  git(work, 'update-ref', 'refs/heads/gh-readonly-queue/main/pr-4', merge);
  git(work, 'update-ref', 'refs/lost', lost);
  git(work, 'tag', 'v1', 'main');
  git(root, 'clone', '--quiet', '--mirror', work, bare);
  for (const key of ['allowFilter', 'allowAnySHA1InWant']) git(bare, 'config', `uploadpack.${key}`, 'true');
  git(bare, 'update-ref', '-d', 'refs/lost');

  let clones = 0;
  return {
    serverUrl,
    bare,
    commits: { before, main, left, topic, merge, lost },
    checkout: (revision, { depth = 1, filter } = {}) => {
      const clone = join(root, `clone-${(clones += 1)}`);
      git(root, 'init', '--quiet', clone);
      git(clone, 'remote', 'add', 'origin', `${serverUrl}/${NAME}`);
      const all = depth === 0 ? ['+refs/heads/*:refs/remotes/origin/*'] : [];
      const limits = [
        ...(depth === 0 ? [] : [`--depth=${depth}`]),
        ...(filter === undefined ? [] : [`--filter=${filter}`]),
      ];
      git(clone, 'fetch', '--quiet', '--no-tags', ...limits, 'origin', `+${revision}:refs/wanted`, ...all);
      git(clone, 'checkout', '--quiet', '--detach', 'refs/wanted');
      return clone;
    },
    remove: () => {
      rmSync(root, { recursive: true, force: true });
    },
  };
}

export function git(directory: string, ...args: readonly string[]): string {
  const settings = Object.entries(SETTINGS).flatMap(([key, value]) => ['-c', `${key}=${value}`]);
  return execFileSync('git', [...settings, ...args], { cwd: directory, encoding: 'utf8', stdio: 'pipe' }).trim();
}
