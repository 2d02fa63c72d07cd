import type { GithubEvent } from '../github/event.js';
import type { Inputs } from '../inputs.js';
import { EVENT_TABLE, type EventRow, type Situation } from './event-table.js';

/** What an event makes of a run, with the inputs' say. */
export type Policy =
  | { readonly kind: 'nothing'; readonly why: string }
  /** It would give somebody's code credentials that are not meant for it. */
  | { readonly kind: 'refused'; readonly why: string; readonly fix: string }
  /** Templates, changes and pull requests have no part in it. */
  | { readonly kind: 'sweep' }
  | { readonly kind: 'report' }
  | {
      readonly kind: 'run';
      /** Only layers that the changed files affect; where those are not known, all. */
      readonly affectedOnly: boolean;
      readonly promote: boolean;
      /** Every file that is read has to be as the run's commit has it. */
      readonly committedOnly: boolean;
      /** Why there is no AWS, only a plan without knowing which images there are; undefined: there is. */
      readonly offline: string | undefined;
      /** The pull request to comment on. */
      readonly pullRequest: number | undefined;
    };

export interface Arrival {
  readonly situation: Situation;
  readonly event: GithubEvent;
  readonly inputs: Inputs;
  /** Whether what is checked out is the commit the run is for; asked only where the table guards it. */
  readonly ownCheckout: boolean;
}

const NOTHING_TO_DO: Partial<Record<Situation, string>> = {
  'closed-pull-request': 'the pull request was closed',
  deletion: 'what the event is about was deleted',
};

const WHY_OFFLINE: Partial<Record<Situation, string>> = {
  fork: 'This pull request comes from a fork',
  dependabot: 'Dependabot opened this pull request, and the job has no `id-token: write`',
};

const FOREIGN = 'The checkout is not the commit this run is for';

/** Reads the table of events. */
export function decideByEvent({ situation, event, inputs, ownCheckout }: Arrival): Policy {
  if (inputs.command === 'sweep') return decideSweep(event);
  if (inputs.command === 'report') return { kind: 'report' };
  const row: EventRow = EVENT_TABLE[situation];
  if (row.layers === 'none') return { kind: 'nothing', why: NOTHING_TO_DO[situation] ?? 'the event asks for nothing' };
  if (!ownCheckout && inputs.command !== 'plan') return refuse(event);
  const untrusted = whyUntrusted(row, inputs);
  if (untrusted !== undefined) return untrusted;
  return {
    kind: 'run',
    affectedOnly: inputs.select === 'affected' || (inputs.select === 'auto' && row.layers === 'affected'),
    promote:
      inputs.command === 'build' &&
      !inputs.allowUncommitted &&
      (inputs.tagLatest === 'auto' ? row.latest === 'moves' : inputs.tagLatest === 'true'),
    // With somebody else's credentials nothing is allowed to stand beside the commit.
    committedOnly: row.guarded || (row.trust === 'main' && !inputs.allowUncommitted),
    offline: row.aws ? (ownCheckout ? undefined : FOREIGN) : (WHY_OFFLINE[situation] ?? FOREIGN),
    pullRequest: pullRequestOf(event, row, inputs),
  };
}

function pullRequestOf(event: GithubEvent, row: EventRow, inputs: Inputs): number | undefined {
  if (inputs.comment === 'never') return undefined;
  if (event.kind === 'pull_request') return row.comment ? event.number : undefined;
  return inputs.prNumber;
}

/** `latest` is asked for by name, for images that may not have it. */
function whyUntrusted(row: EventRow, { command, tagLatest, reuse, allowUncommitted }: Inputs): Policy | undefined {
  if (command !== 'build' || tagLatest !== 'true') return undefined;
  if (allowUncommitted) {
    return {
      kind: 'refused',
      why: '`tag-latest: true` asks to make latest what `allow-uncommitted: true` lets be built from files of no commit',
      fix: 'leave one of the two out.',
    };
  }
  if (reuse !== 'trusted' || row.trust === 'main') return undefined;
  return {
    kind: 'refused',
    why: `\`tag-latest: true\` asks to make latest what is not the default branch's own code (${row.event}), and \`reuse: trusted\` rules that out`,
    fix: 'leave `tag-latest` out, so that the default branch moves latest, or use `reuse: any`.',
  };
}

/** Builders run what templates say, with what the role allows; a stranger's templates must not get there. */
function refuse(event: GithubEvent): Policy {
  const name = event.kind === 'other' ? event.name : 'pull_request_target';
  return {
    kind: 'refused',
    why:
      `the event \`${name}\` gives this run the credentials of the default branch, and what is checked out is not ` +
      "the run's own commit: whatever it says would be built with them",
    fix:
      'use `on: pull_request` to build pull requests (those of forks get a plan), or `command: plan`, ' +
      'or leave `ref` out of actions/checkout.',
  };
}

function decideSweep(event: GithubEvent): Policy {
  // GitHub gives the runs of forks no credentials.
  if (event.kind === 'pull_request' && event.fork && !event.target)
    return { kind: 'nothing', why: 'the pull request is from a fork' };
  return { kind: 'sweep' };
}
