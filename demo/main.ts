import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ACTIONS_BOT } from '../sandbox/github/api-shapes.js';
import { startGitHubApi } from '../sandbox/github/api.js';
import { findDaemon, startSandbox, type Sandbox } from '../sandbox/start.js';
import { checkScenario, type Check, type Evidence } from './checks.js';
import { EMPTY_CLOUD } from './cloud.js';
import { describeCosts } from './costs.js';
import { makeRepository } from './repository.js';
import { runScenario, type Stage, type Turn } from './run-scenario.js';
import { SCENARIOS, type Scenario } from './scenarios.js';
import { print, printChecks, printComment, printCommentChange, printTitle, printVerdict } from './screen.js';

const PROJECT = join(import.meta.dirname, '..', '..');
const LEFT = join(PROJECT, '.sandbox');
const REPOSITORY = 'octo-labs/images';
const TOKEN = 'ghs_aTokenThatOnlyTheLocalApiKnows';

const INTRODUCTION = `
ami-layers, from a pull request to validated images.

AWS and GitHub are stand-ins on this machine: EC2, SSM and STS are the sandbox, comments go to a local API.
All else is as in your repository: real git, the bundle dist/index.js run with action.yml's inputs, main and post, the AWS SDK
over HTTP. And every command of every template really runs, in instances whose file systems are cut off from this machine.`;

/** Plays all scenarios; returns whether all went as told. */
async function main(): Promise<boolean> {
  const startedAt = Date.now();
  const interrupt = new AbortController();
  process.once('SIGINT', () => interrupt.abort());
  print(INTRODUCTION);

  const scratch = await mkdtemp(join(tmpdir(), 'ami-layers-demo-'));
  const sandbox = await freshSandbox(join(LEFT, 'demo'));
  const api = await startGitHubApi({ repository: REPOSITORY, token: TOKEN, onComment: printCommentChange });
  try {
    const repository = await makeRepository(scratch, PROJECT);
    const stage: Stage = {
      project: PROJECT,
      repositoryName: REPOSITORY,
      repository,
      api,
      token: TOKEN,
      sandbox,
      pulls: new Map(),
      signal: interrupt.signal,
    };
    const checks: Check[] = [];
    let cloud = EMPTY_CLOUD;
    for (const [index, scenario] of SCENARIOS.entries()) {
      if (interrupt.signal.aborted) break;
      const evidence = await play({ scenario, runNumber: index + 1, before: cloud }, stage);
      checks.push(...showChecks(scenario, evidence));
      cloud = evidence.after;
    }
    printTitle(
      'What it cost',
      'As the sandbox counted it. On AWS an instance takes about a minute to start, an image some minutes to be made.',
    );
    print(describeCosts(cloud, Date.now() - startedAt));
    print(`The comments are in .sandbox/comments, the job summaries in .sandbox/summaries.`);
    printVerdict(checks);
    return !interrupt.signal.aborted && checks.every(({ instead }) => instead === undefined);
  } finally {
    await api.stop();
    await sandbox.stop();
    await rm(scratch, { recursive: true });
    await rm(join(LEFT, 'demo'), { recursive: true });
  }
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

function showChecks({ expected }: Scenario, evidence: Evidence): readonly Check[] {
  const checks = checkScenario(expected, evidence);
  printChecks(checks);
  return checks;
}

/** Nothing is written when there is nothing to write. */
async function leave(folder: string, { id }: Scenario, text: string): Promise<void> {
  if (text === '') return;
  await mkdir(join(LEFT, folder), { recursive: true });
  await writeFile(join(LEFT, folder, `${id}.md`), text);
}

/** A sandbox without a past. One that an earlier demo left behind, because it was killed, is ended first. */
async function freshSandbox(directory: string): Promise<Sandbox> {
  for (const folder of ['comments', 'summaries']) await rm(join(LEFT, folder), { recursive: true, force: true });
  const old = await findDaemon(directory);
  await old?.stop();
  await rm(directory, { recursive: true, force: true });
  const sandbox = await startSandbox({ directory });
  if (sandbox.warning !== undefined) print(sandbox.warning);
  return sandbox;
}

process.exitCode = (await main()) ? 0 : 1;
