import { execFile } from 'node:child_process';
import { EMPTY_VARIABLE, gitStart, NO_PROTOCOL } from '../workspace/git-arguments.js';
import type { Environment } from './event.js';

/** What git answered. Never thrown: in a repository that is not as expected, every answer is worth a try. */
export type GitAnswer =
  | { readonly ok: true; readonly text: string }
  /** Why not, in one line of git's own words. */
  | { readonly ok: false; readonly why: string };

export type Git = (...args: readonly string[]) => Promise<GitAnswer>;

const MOST_OUTPUT_BYTES = 256 * 1024 * 1024;
const GIT_TIMEOUT_MS = 120_000;

/** git in a directory, with the environment of the remote it may ask, if it may ask any. Nothing is read by a shell. */
export function makeGit(directory: string, environment: Environment, protocols = NO_PROTOCOL): Git {
  const { leading, env } = gitStart(directory, environment);
  return (...args) =>
    new Promise((resolve) => {
      execFile(
        'git',
        [...leading, '-c', 'core.quotepath=off', ...args],
        {
          cwd: directory,
          env: { ...env, GIT_ALLOW_PROTOCOL: protocols },
          maxBuffer: MOST_OUTPUT_BYTES,
          timeout: GIT_TIMEOUT_MS,
        },
        (error, stdout, stderr) => {
          if (error === null) {
            resolve({ ok: true, text: stdout });
            return;
          }
          const [line] = (stderr.trim() || error.message).split('\n');
          resolve({ ok: false, why: line ?? error.message });
        },
      );
    });
}

/** The commit that a revision names; undefined when the repository does not have it. */
export async function findCommit(git: Git, revision: string): Promise<string | undefined> {
  return textOf(await git('rev-parse', '--verify', '--quiet', `${revision}^{commit}`));
}

/** The newest commit that both have in their history. */
export async function findMergeBase(git: Git, one: string, other: string): Promise<string | undefined> {
  return textOf(await git('merge-base', one, other));
}

/**
 * What differs between two commits, from the root of the repository. A renamed file is there under both names; what is or
 * was a link or a submodule also with a slash behind it, for all that can be read below it.
 */
export async function diffNames(git: Git, from: string, to: string): Promise<readonly string[] | undefined> {
  // A repository can have its submodules left out of a diff (gitmodules(5), `ignore`).
  const diff = await git('diff', '--raw', '--no-renames', '--ignore-submodules=none', '-z', from, to, '--');
  return diff.ok ? rawNames(diff.text) : undefined;
}

/** `:<mode> <mode> <id> <id> <status>`, a zero byte, the path, and a zero byte, for each. */
function rawNames(raw: string): readonly string[] {
  return [...raw.matchAll(/:(\d+) (\d+) [^\0]*\0([^\0]+)\0/g)].flatMap(([, before = '', after = '', path = '']) =>
    [before, after].some((mode) => LEADS_ON.includes(mode)) ? [path, `${path}/`] : [path],
  );
}

/** A symbolic link, a submodule. */
const LEADS_ON: readonly string[] = ['120000', '160000'];

/** What is not in the last commit yet, from the root of the repository: edited, removed, and new files that are not ignored. */
export async function uncommittedNames(git: Git): Promise<readonly string[]> {
  const unfiltered = await withoutFilters(git);
  const answers = await Promise.all([
    git(...unfiltered, 'diff', '--raw', '--no-renames', '--ignore-submodules=dirty', '-z', 'HEAD', '--'),
    git('ls-files', '--others', '--exclude-standard', '--full-name', '-z', ':/'),
  ]);
  const [edited, added] = answers.map((answer) => (answer.ok ? answer.text : ''));
  return [...rawNames(edited ?? ''), ...(added ?? '').split('\0').filter((path) => path !== '')];
}

/**
 * Files are compared as they are: the programs that a repository would have git pass them through are the repository's.
 * An empty `process` hides `clean` and `smudge` too (git's convert.c). `--config-env`, as a name may have an equals sign.
 */
async function withoutFilters(git: Git): Promise<readonly string[]> {
  const listed = await git('config', '--name-only', '-z', '--get-regexp', '^filter\\.');
  const keys = listed.ok ? listed.text.split('\0').filter((key) => key !== '') : [];
  const filters = new Set(keys.map((key) => key.slice(0, key.lastIndexOf('.'))));
  return [...filters].flatMap((filter) =>
    ['process', 'required'].map((setting) => `--config-env=${filter}.${setting}=${EMPTY_VARIABLE}`),
  );
}

function textOf(answer: GitAnswer): string | undefined {
  return answer.ok && answer.text.trim() !== '' ? answer.text.trim() : undefined;
}
