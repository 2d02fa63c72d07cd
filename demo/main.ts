import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ACTIONS_BOT } from '../sandbox/github/api-shapes.js';
import { startGitHubApi } from '../sandbox/github/api.js';
import { findDaemon, startSandbox, type Sandbox } from '../sandbox/start.js';
import { checkScenario, type Check, type Evidence } from './checks.js';
import { EMPTY_CLOUD, type Cloud } from './cloud.js';
import { describeCosts } from './costs.js';
import { makeRepository } from './repository.js';
import { runScenario, type Stage, type Turn } from './run-scenario.js';
import { SCENARIOS, type Scenario } from './scenarios.js';
import { print, printChecks, printComment, printCommentChange, printTitle, printVerdict } from './screen.js';

const PROJECT = join(import.meta.dirname, '..', '..');
/** What stays afterwards: comments/ and summaries/. */
const LEFT = join(PROJECT, '.sandbox');
const SANDBOX = join(LEFT, 'demo');
const REPOSITORY = 'octo-labs/images';
const TOKEN = 'ghs_aTokenThatOnlyTheLocalApiKnows';

const INTRODUCTION = `
ami-layers, from a pull request to validated images.

AWS and GitHub are stand-ins on this machine: EC2, SSM and STS are the sandbox, comments go to a local API.
All else is as in your repository: real git, the bundle dist/index.js run with action.yml's inputs, main and post, the AWS SDK
over HTTP. And every command of every template really runs, in instances whose file systems are cut off from this machine.`;

/** Sets the stage, plays all scenarios, clears the stage. Returns whether all went as told. */
async function main(): Promise<boolean> {
  const startedAt = Date.now();
  const interrupt = new AbortController();
  process.once('SIGINT', () => interrupt.abort());
  print(INTRODUCTION);

  const clearing: (() => Promise<void>)[] = [];
  try {
    const scratch = await mkdtemp(join(tmpdir(), 'ami-layers-demo-'));
    clearing.push(() => rm(scratch, { recursive: true }));
    const sandbox = await freshSandbox();
    clearing.push(() => rm(SANDBOX, { recursive: true }), sandbox.stop);
    const api = await startGitHubApi({ repository: REPOSITORY, token: TOKEN, onComment: printCommentChange });
    clearing.push(api.stop);
    const { checks, cloud } = await playAll({
      project: PROJECT,
      repositoryName: REPOSITORY,
      repository: await makeRepository(scratch, PROJECT),
      api,
      token: TOKEN,
      sandbox,
      pulls: new Map(),
      signal: interrupt.signal,
    });
    printTitle('What it cost', 'Counted by the sandbox. Where this takes seconds, EC2 takes minutes.');
    print(describeCosts(cloud, Date.now() - startedAt));
    print('\nThe comments are in .sandbox/comments, the job summaries in .sandbox/summaries.');
    printVerdict(checks, interrupt.signal.aborted);
    return !interrupt.signal.aborted && checks.every(({ instead }) => instead === undefined);
  } finally {
    for (const clear of clearing.reverse()) await clear();
  }
}

async function playAll(stage: Stage): Promise<{ readonly checks: readonly Check[]; readonly cloud: Cloud }> {
  const checks: Check[] = [];
  let cloud = EMPTY_CLOUD;
  for (const [index, scenario] of SCENARIOS.entries()) {
    if (stage.signal.aborted) break;
    const evidence = await play({ scenario, runNumber: index + 1, before: cloud }, stage);
    const checked = checkScenario(scenario.expected, evidence);
    printChecks(checked);
    checks.push(...checked);
    cloud = evidence.after;
  }
  return { checks, cloud };
}

/** Shows one scenario as it happens, and leaves what the action wrote for its readers. */
async function play(turn: Turn, stage: Stage): Promise<Evidence> {
  const { scenario } = turn;
  printTitle(scenario.title, scenario.story);
  const evidence = await runScenario(turn, stage);
  for (const comment of evidence.comments) printComment(ACTIONS_BOT.login, comment);
  await leave('comments', scenario, evidence.comments.join('\n'));
  await leave('summaries', scenario, evidence.action.summary);
  return evidence;
}

/** Nothing is written when there is nothing to write. */
async function leave(folder: string, { id }: Scenario, text: string): Promise<void> {
  if (text === '') return;
  await mkdir(join(LEFT, folder), { recursive: true });
  await writeFile(join(LEFT, folder, `${id}.md`), text);
}

/** A sandbox without a past. One that an earlier demo left behind, because it was killed, is ended first. */
async function freshSandbox(): Promise<Sandbox> {
  for (const folder of ['comments', 'summaries']) await rm(join(LEFT, folder), { recursive: true, force: true });
  const old = await findDaemon(SANDBOX);
  await old?.stop();
  await rm(SANDBOX, { recursive: true, force: true });
  const sandbox = await startSandbox({ directory: SANDBOX });
  if (sandbox.warning !== undefined) print(sandbox.warning);
  return sandbox;
}

try {
  process.exitCode = (await main()) ? 0 : 1;
} catch (error) {
  // The sandbox says in one sentence, with a fix, why this machine cannot run it; what else fails is a bug.
  const text = error instanceof Error ? (error.message.includes('Fix:') ? error.message : error.stack) : String(error);
  print(`\n${text ?? ''}`);
  process.exitCode = 1;
}
