import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { arch, tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { inputVariables, readActionFile } from './action-file.js';
import type { WorkflowEvent } from './event.js';
import { RUNNER_GRACE, runStep, type Grace, type StepResult } from './run-step.js';

export interface ActionRun {
  /** The folder of action.yml. */
  readonly action: string;
  /** The checkout: GITHUB_WORKSPACE. */
  readonly workspace: string;
  /** What the workflow says under `with`. */
  readonly inputs: Readonly<Record<string, string>>;
  readonly event: WorkflowEvent;
  /** `owner/name` */
  readonly repository: string;
  readonly token: string;
  readonly apiUrl: string;
  readonly serverUrl?: string;
  readonly runId: number;
  readonly runNumber: number;
  readonly runAttempt?: number;
  /** What the workflow says under `env`: AWS settings, say. Nothing else of this process's environment is passed on. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Each line as the job's log shows it, as it comes; main's lines, then post's. */
  readonly onLine?: (line: string, phase: 'main' | 'post') => void;
  /** Default: the runner's own. */
  readonly grace?: Grace;
}

export interface ActionResult extends StepResult {
  /** Undefined when the action has none. */
  readonly post: StepResult | undefined;
}

export interface RunningAction {
  /** Ends when post has ended. Rejects only when the action could not be started. */
  readonly finished: Promise<ActionResult>;
  /** As when somebody presses "Cancel workflow": SIGINT, later SIGTERM, later SIGKILL; then post, which is not cancelled. */
  readonly cancel: () => void;
}

/** Runs a JavaScript action as GitHub's runner does: main, then post whatever became of main. */
export function startAction(run: ActionRun): RunningAction {
  const cancellation = new AbortController();
  return { finished: runToEnd(run, cancellation.signal), cancel: () => cancellation.abort() };
}

async function runToEnd(run: ActionRun, signal: AbortSignal): Promise<ActionResult> {
  const file = readActionFile(run.action);
  const work = mkdtempSync(join(tmpdir(), 'runner-'));
  const temp = join(work, '_temp');
  const masks = new Set([run.token]);
  const given = { ...jobVariables(run, work, temp), ...inputVariables(file, run.inputs, run.token) };
  const step = (
    script: string,
    phase: 'main' | 'post',
    rest: { environment: Record<string, string>; signal: AbortSignal },
  ) =>
    runStep({
      script: join(run.action, script),
      directory: run.workspace,
      temp,
      masks,
      onLine: (line) => run.onLine?.(line, phase),
      grace: run.grace ?? RUNNER_GRACE,
      ...rest,
    });

  try {
    const main = await step(file.runs.main, 'main', { environment: given, signal });
    if (file.runs.post === undefined) return { ...main, post: undefined };
    const environment = {
      ...given,
      ...main.exported,
      ...stateVariables(main.state),
      PATH: pathAfter(given.PATH, main.path),
    };
    const post = await step(file.runs.post, 'post', { environment, signal: new AbortController().signal });
    return { ...main, post };
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

/** What every step of a job gets (docs.github.com, Variables reference). Makes the folders and the event file. */
function jobVariables(run: ActionRun, work: string, temp: string) {
  const { event } = run;
  const home = join(work, 'home');
  const tools = join(work, '_tool');
  const eventPath = join(temp, '_github_workflow', 'event.json');
  for (const folder of [home, tools, join(temp, '_github_workflow')]) mkdirSync(folder, { recursive: true });
  writeFileSync(eventPath, JSON.stringify(event.payload, undefined, 2));
  const [owner = ''] = run.repository.split('/');
  const serverUrl = run.serverUrl ?? 'https://github.com';

  return {
    CI: 'true',
    HOME: home,
    LANG: 'C.UTF-8',
    PATH: process.env.PATH ?? '/usr/bin:/bin',
    GITHUB_ACTION: '__self',
    GITHUB_ACTIONS: 'true',
    GITHUB_ACTOR: event.actor,
    GITHUB_TRIGGERING_ACTOR: event.actor,
    GITHUB_API_URL: run.apiUrl,
    GITHUB_GRAPHQL_URL: `${run.apiUrl}/graphql`,
    GITHUB_SERVER_URL: serverUrl,
    GITHUB_BASE_REF: event.baseRef,
    GITHUB_HEAD_REF: event.headRef,
    GITHUB_EVENT_NAME: event.name,
    GITHUB_EVENT_PATH: eventPath,
    GITHUB_JOB: 'images',
    GITHUB_REF: event.ref,
    GITHUB_REF_NAME: event.ref.replace(/^refs\/(heads|tags|pull)\//, ''),
    GITHUB_REF_PROTECTED: 'false',
    GITHUB_REF_TYPE: event.ref.startsWith('refs/tags/') ? 'tag' : 'branch',
    GITHUB_REPOSITORY: run.repository,
    GITHUB_REPOSITORY_OWNER: owner,
    GITHUB_RETENTION_DAYS: '90',
    GITHUB_RUN_ATTEMPT: String(run.runAttempt ?? 1),
    GITHUB_RUN_ID: String(run.runId),
    GITHUB_RUN_NUMBER: String(run.runNumber),
    GITHUB_SHA: event.sha,
    GITHUB_WORKFLOW: 'images',
    GITHUB_WORKFLOW_REF: `${run.repository}/.github/workflows/images.yml@${event.ref}`,
    GITHUB_WORKFLOW_SHA: event.sha,
    GITHUB_WORKSPACE: run.workspace,
    RUNNER_ARCH: arch() === 'arm64' ? 'ARM64' : 'X64',
    RUNNER_ENVIRONMENT: 'self-hosted',
    RUNNER_NAME: 'local',
    RUNNER_OS: 'Linux',
    RUNNER_TEMP: temp,
    RUNNER_TOOL_CACHE: tools,
    ...run.environment,
  };
}

function stateVariables(state: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(state).map(([name, value]) => [`STATE_${name}`, value]));
}

/** The folder that was added last comes first. */
function pathAfter(path: string, added: readonly string[]): string {
  return [...added.toReversed(), path].join(delimiter);
}
