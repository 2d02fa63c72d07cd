import { execFile } from 'node:child_process';
import { cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import type { PullRequestFile } from '../sandbox/github/api-shapes.js';
import type { PullRequestState } from '../sandbox/github/event.js';

/** An edit of a file or folder of the repository. */
export type Change =
  /** Copies a folder of this project's. */
  | { readonly kind: 'copy'; readonly from: string; readonly to: string }
  /** Replaces the one place where `find` stands. */
  | { readonly kind: 'edit'; readonly file: string; readonly find: string; readonly replace: string };

export interface Proposal {
  readonly number: number;
  readonly branch: string;
  readonly title: string;
  readonly changes: readonly Change[];
}

/** What GitHub has after somebody proposed something. */
export interface OpenPullRequest {
  readonly pull: PullRequestState;
  readonly files: readonly PullRequestFile[];
}

export interface Merge {
  readonly before: string;
  readonly after: string;
}

/** A repository as GitHub hosts it (a bare one), with an author who pushes to it and runners that check it out. */
export interface Repository {
  readonly propose: (proposal: Proposal) => Promise<OpenPullRequest>;
  /** Merges a pull request into main with a merge commit. */
  readonly merge: (pull: PullRequestState) => Promise<Merge>;
  /** What actions/checkout does with `fetch-depth: 2`: a fresh folder, on no branch. Returns the folder. */
  readonly checkout: (ref: string, sha: string) => Promise<string>;
}

export const AUTHOR = 'ada';

/** Makes the repository in an empty folder. `project` is the root that `copy` reads from. */
export async function makeRepository(folder: string, project: string): Promise<Repository> {
  const hub = join(folder, 'hub.git');
  const desk = join(folder, 'desk');
  const git = gitIn(desk);
  await mkdir(desk, { recursive: true });
  await gitIn(folder)('init', '--quiet', '--bare', hub);
  // A runner fetches the commit of the event by its id, as GitHub allows.
  await gitIn(hub)('config', 'uploadpack.allowAnySHA1InWant', 'true');
  await git('init', '--quiet', '--initial-branch=main');
  await git('remote', 'add', 'origin', `file://${hub}`);
  await writeFile(join(desk, 'README.md'), '# Images of our team\n');
  await commitAndPush('Start the repository', 'main');

  async function commitAndPush(message: string, branch: string): Promise<void> {
    await git('add', '--all');
    await git('commit', '--quiet', '--message', message);
    await git('push', '--quiet', 'origin', `HEAD:refs/heads/${branch}`);
  }

  let checkouts = 0;
  return {
    propose: async ({ number, branch, title, changes }) => {
      await git('checkout', '--quiet', '-B', branch, 'main');
      for (const change of changes) await apply(change, { desk, project });
      await commitAndPush(title, branch);
      const [base, head] = [await git('rev-parse', 'main'), await git('rev-parse', 'HEAD')];
      // GitHub's test merge: main first, what is proposed second.
      await git('checkout', '--quiet', '--detach', 'main');
      await git('merge', '--quiet', '--no-ff', '--message', `Merge ${head} into ${base}`, head);
      await git('push', '--quiet', 'origin', `HEAD:refs/pull/${number}/merge`);
      const mergeSha = await git('rev-parse', 'HEAD');
      const pull = {
        number,
        title,
        author: AUTHOR,
        base: { ref: 'main', sha: base },
        head: { ref: branch, sha: head },
        mergeSha,
      };
      return { pull, files: changedFiles(await git('diff', '--name-status', '--no-renames', '-z', base, head)) };
    },
    merge: async ({ number, head }) => {
      const before = await git('rev-parse', 'main');
      await git('checkout', '--quiet', 'main');
      await git('merge', '--quiet', '--no-ff', '--message', `Merge pull request #${number} from ${head.ref}`, head.sha);
      await git('push', '--quiet', 'origin', 'main');
      return { before, after: await git('rev-parse', 'main') };
    },
    checkout: async (ref, sha) => {
      checkouts += 1;
      const workspace = join(folder, `checkout-${checkouts}`);
      await mkdir(workspace);
      const inside = gitIn(workspace);
      const local = ref.replace(/^refs\/(heads\/)?/, 'refs/remotes/origin/');
      await inside('init', '--quiet');
      await inside('remote', 'add', 'origin', `file://${hub}`);
      await inside('fetch', '--quiet', '--no-tags', '--depth=2', 'origin', `+${sha}:${local}`);
      await inside('checkout', '--quiet', '--detach', local);
      return workspace;
    },
  };
}

async function apply(
  change: Change,
  { desk, project }: { readonly desk: string; readonly project: string },
): Promise<void> {
  switch (change.kind) {
    case 'copy':
      await mkdir(dirname(join(desk, change.to)), { recursive: true });
      return cp(join(project, change.from), join(desk, change.to), { recursive: true });
    case 'edit': {
      const file = join(desk, change.file);
      const parts = (await readFile(file, 'utf8')).split(change.find);
      if (parts.length !== 2)
        throw new Error(`"${change.find}" stands ${parts.length - 1} times in ${change.file}, not once`);
      return writeFile(file, parts.join(change.replace));
    }
  }
}

const STATUSES = new Map<string | undefined, PullRequestFile['status']>([
  ['A', 'added'],
  ['D', 'removed'],
  ['M', 'modified'],
]);

/** Reads `git diff --name-status -z`. */
function changedFiles(output: string): PullRequestFile[] {
  const words = output.split('\0');
  return words.flatMap((path, index) => {
    const status = STATUSES.get(words[index - 1]);
    return index % 2 === 1 && status ? [{ path, status }] : [];
  });
}

const run = promisify(execFile);

/** Git in a folder, deaf to the settings of whoever runs this. Returns what it prints, without the last line break. */
function gitIn(folder: string) {
  const env = {
    ...process.env,
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_AUTHOR_NAME: AUTHOR,
    GIT_AUTHOR_EMAIL: `${AUTHOR}@example.com`,
    GIT_COMMITTER_NAME: AUTHOR,
    GIT_COMMITTER_EMAIL: `${AUTHOR}@example.com`,
  };
  return async (...words: readonly string[]): Promise<string> => {
    const { stdout } = await run('git', words, { cwd: folder, env, maxBuffer: 64 * 1024 * 1024 });
    return stdout.trimEnd();
  };
}
