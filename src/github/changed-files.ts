import { makeGit, type Git, type GitAnswer } from './git.js';
import { isZeroSha, type GithubEvent } from './event.js';

/** Which files differ between a base commit and what is checked out; or why nobody can say. */
export type ChangedFiles =
  | {
      readonly known: true;
      /** The commit that the files were compared with. */
      readonly base: string;
      /** Relative to the repository root. A renamed file is here under both names. */
      readonly files: readonly string[];
    }
  | { readonly known: false; readonly why: string };

export interface ChangedFilesOptions {
  readonly event: GithubEvent;
  /** Anywhere inside the checkout. */
  readonly directory: string;
  /** A branch, tag or commit to compare with, instead of what the event says (the `base` input). */
  readonly base: string | undefined;
}

/** The two commits to compare. */
type Range = { readonly from: string; readonly to: string } | { readonly why: string };

const DEEPER = 'Fix: set `fetch-depth: 2` (pull requests) or `fetch-depth: 0` for actions/checkout';

/**
 * What changed, asked of git alone. It narrows and explains a plan and never decides what is built, so that an odd
 * repository (shallow, forced, no git at all) is an answer and not an error.
 */
export async function readChangedFiles({ event, directory, base }: ChangedFilesOptions): Promise<ChangedFiles> {
  const git = makeGit(directory);
  const range = base === undefined ? await rangeOf(event, git) : await rangeFrom(base, git);
  if ('why' in range) return { known: false, why: range.why };
  const diff = await git('diff', '--name-only', '--no-renames', '-z', range.from, range.to, '--');
  if (!diff.ok) return { known: false, why: `git cannot compare ${range.from} with ${range.to}: ${diff.why}` };
  return { known: true, base: range.from, files: diff.text.split('\0').filter((path) => path !== '') };
}

function rangeOf(event: GithubEvent, git: Git): Range | Promise<Range> {
  switch (event.kind) {
    case 'pull_request':
      return pullRequestRange(event, git);
    case 'push':
      return pushRange(event, git);
    case 'other':
      return { why: `the event "${event.name}" has nothing to compare with` };
  }
}

/** GitHub checks out a merge of the two branches: its first parent is what the pull request would be merged into. */
async function pullRequestRange(
  { baseSha, headSha }: Extract<GithubEvent, { kind: 'pull_request' }>,
  git: Git,
): Promise<Range> {
  const merged = commitOf(await git('rev-parse', '--verify', '--quiet', 'HEAD^2^{commit}'));
  const target = commitOf(await git('rev-parse', '--verify', '--quiet', 'HEAD^1^{commit}'));
  if (merged === headSha && target !== undefined) return { from: target, to: 'HEAD' };
  const fork = commitOf(await git('merge-base', baseSha, 'HEAD'));
  if (fork !== undefined) return { from: fork, to: 'HEAD' };
  return { why: `the base ${baseSha} of the pull request is not in this checkout. ${DEEPER}` };
}

async function pushRange(
  { before, after, deleted, ref }: Extract<GithubEvent, { kind: 'push' }>,
  git: Git,
): Promise<Range> {
  if (deleted || isZeroSha(after)) return { why: `${ref} was deleted` };
  if (isZeroSha(before)) return { why: `this is the first push of ${ref}: there is nothing to compare with` };
  if (await hasCommit(before, git)) return { from: before, to: after };
  return { why: `the commit ${before} before the push is not in this checkout. ${DEEPER}` };
}

/** What the checkout has since it left `base`; when the two have no common commit, all that differs. */
async function rangeFrom(base: string, git: Git): Promise<Range> {
  const commit = commitOf(await git('rev-parse', '--verify', '--quiet', `${base}^{commit}`));
  if (commit === undefined) return { why: `the base "${base}" is not a commit in this checkout. ${DEEPER}` };
  return { from: commitOf(await git('merge-base', commit, 'HEAD')) ?? commit, to: 'HEAD' };
}

async function hasCommit(sha: string, git: Git): Promise<boolean> {
  return (await git('cat-file', '-e', `${sha}^{commit}`)).ok;
}

function commitOf(answer: GitAnswer): string | undefined {
  return answer.ok && answer.text.trim() !== '' ? answer.text.trim() : undefined;
}
