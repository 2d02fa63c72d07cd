import { chooseComparison, type Comparison } from './comparison.js';
import type { Environment, GithubEvent } from './event.js';
import { diffNames, findCommit, findMergeBase, makeGit, type Git } from './git.js';
import type { Remote } from './remote.js';

/** Which files differ between a base commit and what is checked out; or why nobody can say. */
export type ChangedFiles =
  | {
      readonly known: true;
      /** The commit that the files were compared with. */
      readonly base: string;
      /** Relative to the repository root. A renamed file is here under both names, a link or submodule also as `name/`. */
      readonly files: readonly string[];
    }
  | { readonly known: false; readonly why: string };

export interface ChangedFilesOptions {
  readonly event: GithubEvent;
  /** Anywhere inside the checkout. */
  readonly directory: string;
  /** A branch, tag or commit to compare with, instead of what the event says (the `base` input). */
  readonly base: string | undefined;
  readonly env: Environment;
  /** Where to get what the checkout lacks; undefined: nowhere. */
  readonly remote: Remote | undefined;
}

export type Wanted = Exclude<Comparison, { readonly kind: 'nothing' }>;

const DEEPER = 'Fix: set `fetch-depth: 2` (pull requests) or `fetch-depth: 0` for actions/checkout';

/**
 * What changed: asked of the checkout; of the server's git, where the checkout is too shallow; of GitHub's API, where
 * there is no git. It narrows and explains a plan and never decides what is built, so that an odd repository (shallow,
 * forced, no git at all) is an answer and not an error.
 */
export async function readChangedFiles(options: ChangedFilesOptions): Promise<ChangedFiles> {
  const { event, directory, base, env, remote } = options;
  const git = makeGit(directory, env);
  const wanted = await chooseComparison(event, base, git);
  if (wanted.kind === 'nothing') return { known: false, why: wanted.why };
  const here = await compareHere(wanted, git);
  if (here !== undefined) return here;
  const missing = `${wanted.named} is not in this checkout`;
  if (remote === undefined) return { known: false, why: `${missing}. ${DEEPER}` };
  const head = await findCommit(git, 'HEAD');
  const { compareFetched } = await import('./compare-fetched.js');
  const fetched = await compareFetched(wanted, { head, remote });
  if (fetched.known) return fetched;
  const { compareByApi } = await import('./compare-by-api.js');
  const answered = base === undefined ? await compareByApi(event, remote) : undefined;
  return answered ?? { known: false, why: `${missing}, and ${fetched.why}. ${DEEPER}` };
}

const FULL_SHA = /^([0-9a-f]{40}|[0-9a-f]{64})$/;

/** What is checked out; undefined where that is no commit. */
export function readHead(directory: string, env: Environment): Promise<string | undefined> {
  return findCommit(makeGit(directory, env), 'HEAD');
}

/** Undefined: the checkout does not have what it takes. */
async function compareHere({ kind, base }: Wanted, git: Git): Promise<ChangedFiles | undefined> {
  // Of a commit that is not here, git says so when it is asked to compare.
  const commit = FULL_SHA.test(base)
    ? base
    : await findCommit(git, base.replace(/^refs\/heads\//, 'refs/remotes/origin/'));
  if (commit === undefined) return undefined;
  const from = kind === 'with' ? commit : await whereTheyParted(commit, git);
  const files = from === undefined ? undefined : await diffNames(git, from, 'HEAD');
  return from === undefined || files === undefined ? undefined : { known: true, base: from, files };
}

/** Where the whole history is here and the two have no commit in common, all that differs. */
async function whereTheyParted(commit: string, git: Git): Promise<string | undefined> {
  const parted = await findMergeBase(git, commit, 'HEAD');
  if (parted !== undefined) return parted;
  const shallow = await git('rev-parse', '--is-shallow-repository');
  return shallow.ok && shallow.text.trim() === 'false' ? commit : undefined;
}
