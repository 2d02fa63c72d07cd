import { existsSync } from 'node:fs';
import type { GitHubApi } from '../sandbox/github/api.js';
import { pullRequestEvent, pushEvent, type PullRequestState, type WorkflowEvent } from '../sandbox/github/event.js';
import { startAction } from '../sandbox/github/runner.js';
import type { Sandbox } from '../sandbox/start.js';
import type { Evidence } from './checks.js';
import { readCloud, type Cloud } from './cloud.js';
import { AUTHOR, type Repository } from './repository.js';
import { WRITTEN_BY_STEPS, type Scenario } from './scenarios.js';
import { printLogLine } from './screen.js';

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
  /** The open pull requests; scenarios add theirs. */
  readonly pulls: Map<number, PullRequestState>;
  /** Aborted: a running action is cancelled as on GitHub. */
  readonly signal: AbortSignal;
}

const INPUTS = { 'aws-region': 'us-west-2', 'instance-profile': 'ami-layers-builder', 'poll-interval-seconds': '0.2' };

/** GitHub runs the action with Node 24; here it may be Node 20, which the AWS SDK warns about in every log. */
const QUIET = { AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true' };

export interface Turn {
  readonly scenario: Scenario;
  readonly runNumber: number;
  /** The sandbox as it is before. */
  readonly before: Cloud;
}

/** Does in git what people do in the scenario, then what GitHub does about it: runs the action. Shows its log. */
export async function runScenario({ scenario, runNumber, before }: Turn, stage: Stage): Promise<Evidence> {
  const { api, sandbox, signal } = stage;
  const event = await startingEvent(scenario.git, stage);
  const workspace = await stage.repository.checkout(event.ref, event.sha);
  const requestsBefore = api.requests.length;

  const running = startAction({
    action: stage.project,
    workspace,
    inputs: INPUTS,
    event,
    repository: stage.repositoryName,
    token: stage.token,
    apiUrl: api.url,
    runId: 7_000_000_000 + runNumber,
    runNumber,
    environment: { ...sandbox.environment, ...QUIET },
    onLine: printLogLine,
  });
  signal.addEventListener('abort', running.cancel);
  const action = await running.finished;
  signal.removeEventListener('abort', running.cancel);

  const { git } = scenario;
  return {
    action,
    before,
    after: await readCloud(sandbox.control),
    comments: git.kind === 'propose' ? api.comments(git.proposal.number).map(({ body }) => body) : [],
    commentWrites: api.requests.slice(requestsBefore).filter((request) => !request.startsWith('GET ')),
    spilt: WRITTEN_BY_STEPS.filter((file) => existsSync(file)),
  };
}

async function startingEvent(git: Scenario['git'], stage: Stage): Promise<WorkflowEvent> {
  const { repository, repositoryName, api, pulls } = stage;
  switch (git.kind) {
    case 'propose': {
      const { pull, files } = await repository.propose(git.proposal);
      pulls.set(pull.number, pull);
      api.setPullRequest(pull, files);
      return pullRequestEvent(repositoryName, pull);
    }
    case 'merge': {
      const pull = pulls.get(git.number);
      if (!pull) throw new Error(`pull request #${git.number} is to be merged, but nobody opened it`);
      const { before, after } = await repository.merge(pull);
      return pushEvent(repositoryName, { branch: pull.base.ref, before, after, author: AUTHOR });
    }
  }
}
