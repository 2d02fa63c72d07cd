import { readHead } from '../github/changed-files.js';
import { readEvent, type Environment, type GithubEvent } from '../github/event.js';
import { readRunIdentity } from '../github/read-run-identity.js';
import type { Inputs } from '../inputs.js';
import type { RunIdentity } from '../run-identity.js';
import type { RepositorySettings } from '../template/repository-settings.js';
import { decideByEvent, type Policy } from './event-policy.js';
import { EVENT_TABLE } from './event-table.js';
import { situationOf } from './situation.js';

export interface Delivery {
  readonly env: Environment;
  /** The parsed content of the file that `GITHUB_EVENT_PATH` names. */
  readonly payload: unknown;
  readonly inputs: Inputs;
  /** Random; see RunIdentity. */
  readonly token: string;
  /** Of the checkout. */
  readonly directory: string;
  /** What the repository says for itself. */
  readonly settings: RepositorySettings;
}

export interface Received {
  readonly event: GithubEvent;
  readonly run: RunIdentity;
  readonly policy: Policy;
}

/** What GitHub delivered → who this run is and what it may do. */
export async function receiveEvent({ env, payload, inputs, token, directory, settings }: Delivery): Promise<Received> {
  const event = readEvent(env, payload);
  const situation = situationOf(event, inputs, env);
  const { trust, guarded } = EVENT_TABLE[situation];
  const ownCheckout = !guarded || (await readHead(directory, env)) === env.GITHUB_SHA;
  return {
    event,
    run: readRunIdentity({
      env,
      event,
      token,
      trust: inputs.allowUncommitted ? 'pr' : trust,
      scope: inputs.scope ?? settings.scope,
    }),
    policy: decideByEvent({ situation, event, inputs, ownCheckout }),
  };
}
