import type { GithubEvent } from '../github/event.js';
import type { Inputs } from '../inputs.js';
import type { RunIdentity } from '../run-identity.js';

/** What an event makes of a run, with the inputs' say. */
export type Policy =
  | { readonly kind: 'nothing'; readonly why: string }
  /** Templates, changes and pull requests have no part in it. */
  | { readonly kind: 'sweep' }
  | {
      readonly kind: 'run';
      /** Only layers that the changed files affect; where those are not known, all. */
      readonly affectedOnly: boolean;
      readonly promote: boolean;
      /** No AWS: only a plan, without knowing which images there are. */
      readonly offline: boolean;
      /** The pull request to comment on. */
      readonly pullRequest: number | undefined;
    };

/** The table of events in docs/github.md. */
export function decideByEvent(event: GithubEvent, inputs: Inputs, { trust }: RunIdentity): Policy {
  if (inputs.command === 'sweep') return decideSweepByEvent(event);
  const narrowed = inputs.select === 'affected';
  const promote =
    inputs.command === 'build' && (inputs.tagLatest === 'auto' ? trust === 'main' : inputs.tagLatest === 'true');
  switch (event.kind) {
    case 'pull_request':
      if (event.action === 'closed') return { kind: 'nothing', why: 'the pull request was closed' };
      return {
        kind: 'run',
        affectedOnly: narrowed || inputs.select === 'auto',
        promote,
        // GitHub gives the runs of forks neither credentials nor a token that may comment.
        offline: event.fork,
        pullRequest: inputs.comment === 'never' || event.fork ? undefined : event.number,
      };
    case 'push':
      if (event.deleted) return { kind: 'nothing', why: `${event.ref} was deleted` };
      return {
        kind: 'run',
        affectedOnly: narrowed || (inputs.select === 'auto' && !event.onDefaultBranch),
        promote,
        offline: false,
        pullRequest: undefined,
      };
    case 'other':
      return { kind: 'run', affectedOnly: narrowed, promote, offline: false, pullRequest: undefined };
  }
}

function decideSweepByEvent(event: GithubEvent): Policy {
  // GitHub gives the runs of forks no credentials.
  if (event.kind === 'pull_request' && event.fork) return { kind: 'nothing', why: 'the pull request is from a fork' };
  return { kind: 'sweep' };
}
