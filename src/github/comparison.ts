import type { Git } from './git.js';
import { isZeroSha, type GithubEvent, type PullRequestEvent, type PushEvent } from './event.js';

/** What the checkout is to be compared with. */
export type Comparison =
  | {
      /** `with`: everything that differs from it. `since`: what was done since the two parted. */
      readonly kind: 'with' | 'since';
      /** A commit, or a branch (`refs/heads/main`), or whatever the input `base` says. */
      readonly base: string;
      /** The base in words. */
      readonly named: string;
    }
  | { readonly kind: 'nothing'; readonly why: string };

/** What the event says; `base`, an input, has the last word. */
export async function chooseComparison(event: GithubEvent, base: string | undefined, git: Git): Promise<Comparison> {
  if (base !== undefined) return { kind: 'since', base, named: `the base "${base}"` };
  switch (event.kind) {
    case 'pull_request':
      return ofPullRequest(event, git);
    case 'push':
      return ofPush(event);
    case 'merge_group':
      return { kind: 'with', base: event.baseSha, named: `the base ${event.baseSha} of the merge group` };
    case 'other':
      return { kind: 'nothing', why: `the event "${event.name}" has nothing to compare with` };
  }
}

/** GitHub checks out a merge of the two branches: its first parent is what the pull request would be merged into. */
async function ofPullRequest({ baseSha, headSha }: PullRequestEvent, git: Git): Promise<Comparison> {
  const named = `the base ${baseSha} of the pull request`;
  const [target, merged] = await parentsOf('HEAD', git);
  if (merged === headSha && target !== undefined) return { kind: 'with', base: target, named };
  return { kind: 'since', base: baseSha, named };
}

function ofPush({ before, after, deleted, ref, defaultBranch, onDefaultBranch }: PushEvent): Comparison {
  if (deleted || isZeroSha(after)) return { kind: 'nothing', why: `${ref} was deleted` };
  if (ref.startsWith('refs/tags/')) return { kind: 'nothing', why: `${ref} is a tag` };
  // All that a branch is about, not only its last push: what failed before is still to be done.
  if (!onDefaultBranch && defaultBranch !== undefined) {
    return { kind: 'since', base: `refs/heads/${defaultBranch}`, named: `the branch ${defaultBranch}` };
  }
  if (isZeroSha(before)) {
    return { kind: 'nothing', why: `this is the first push of ${ref}: there is nothing to compare with` };
  }
  return { kind: 'with', base: before, named: `the commit ${before} before the push` };
}

/** As the commit itself says: a shallow repository hides the parents that it does not have. */
async function parentsOf(revision: string, git: Git): Promise<readonly string[]> {
  const content = await git('cat-file', 'commit', revision);
  const [header = ''] = content.ok ? content.text.split('\n\n') : [];
  return [...header.matchAll(/^parent ([0-9a-f]+)$/gm)].flatMap(([, parent = '']) => [parent]);
}
