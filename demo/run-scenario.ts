import { existsSync } from 'node:fs';
import type { CommentChange } from '../sandbox/github/api-shapes.js';
import type { GitHubApi } from '../sandbox/github/api.js';
import { pullRequestEvent, pushEvent, type PullRequestState, type WorkflowEvent } from '../sandbox/github/event.js';
import { startAction } from '../sandbox/github/runner.js';
import type { Sandbox } from '../sandbox/start.js';
import type { Evidence } from './checks.js';
import { readCloud } from './cloud.js';
import { AUTHOR, type Repository } from './repository.js';
import { WRITTEN_BY_STEPS, type Scenario } from './scenarios.js';
import { print, printLogLine } from './screen.js';

/** Where the scenarios happen, one after another. */
export interface Stage {
  /** The folder of action.yml and dist/. */
  readonly project: string;
  /** `owner/name` */
  readonly repositoryName: string;
  readonly repository: Repository;
  readonly api: GitHubApi;
  readonly token: string;
  readonly sandbox: Sandbox;
  /** Filled as pull requests are opened. */
  readonly pulls: Map<number, PullRequestState>;
  /** Aborted: the action is cancelled as on GitHub. */
  readonly signal: AbortSignal;
}

const INPUTS = { 'aws-region': 'us-west-2', 'instance-profile': 'ami-layers-builder', 'poll-interval-seconds': '0.2' };

/** Does what people do in the scenario, then what GitHub does: runs the action, and shows its log. */
export async function runScenario(scenario: Scenario, runNumber: number, stage: Stage): Promise<Evidence> {
  const { project, repositoryName, repository, api, token, sandbox, signal } = stage;
  const event = await startingEvent(scenario.git, stage);
  const workspace = await repository.checkout(event.ref, event.sha);
  const commentsBefore = commentsOf(stage);
  const before = await readCloud(sandbox.control);

  const running = startAction({
    action: project,
    workspace,
    inputs: INPUTS,
    event,
    repository: repositoryName,
    token,
    apiUrl: api.url,
    runId: FIRST_RUN_ID + runNumber,
    runNumber,
    environment: sandbox.environment,
    onLine: printLogLine,
  });
  signal.addEventListener('abort', running.cancel, { once: true });
  const action = await running.finished;
  signal.removeEventListener('abort', running.cancel);

  return {
    action,
    before,
    after: await readCloud(sandbox.control),
    comments: scenario.git.kind === 'propose' ? api.comments(scenario.git.proposal.number).map(({ body }) => body) : changed,
    spilt: WRITTEN_BY_STEPS.filter((file) => existsSync(file)),
  };
}
