import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { inputVariables, readActionFile } from '../../sandbox/github/action-file.js';
import { startGitHubApi, type GitHubApi } from '../../sandbox/github/api.js';
import { RUNNER_GRACE, runStep } from '../../sandbox/github/run-step.js';
import { startSandbox, type Sandbox } from '../../sandbox/start.js';
import { timeEnvironment } from '../../sandbox/time-environment.js';
import { createCloud } from '../../src/aws/create-cloud.js';
import { createRepository, type Repository } from '../repository.js';
import { makeCompiledAction, TOKEN, type CompiledAction } from './compiled-action.js';
import { pullRequest } from './deliveries.js';
import { NAME } from './origin.js';

const REGION = 'us-west-2';
/** A GitHub Enterprise Server: its API is at another address, and nothing may go to github.com. */
const SERVER = 'https://github.example.com';
const commit = (digit: string): string => digit.repeat(40);
const COMMITS = {
  before: commit('0'),
  main: commit('1'),
  left: commit('2'),
  topic: commit('3'),
  merge: commit('4'),
  lost: commit('5'),
};

let folder: string;
let sandbox: Sandbox;
let api: GitHubApi;
let repository: Repository;
let action: CompiledAction;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'ami-post-'));
  sandbox = await startSandbox({ directory: folder, clock: { rate: 20 } });
  Object.assign(process.env, sandbox.environment, { AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true' });
  api = await startGitHubApi({ repository: NAME, token: TOKEN, enterpriseUrl: SERVER });
  repository = createRepository({ 'templates/tool.yaml': 'provision: [{name: long, run: sandbox-sleep 3000}]\n' });
  action = makeCompiledAction();
});
afterAll(async () => {
  action.remove();
  repository.remove();
  await api.stop();
  await sandbox.stop();
  rmSync(folder, { recursive: true });
});
beforeEach(async () => {
  await sandbox.control.reset();
  const { main, topic, merge } = COMMITS;
  const branches = { base: { ref: 'main', sha: main }, head: { ref: 'topic', sha: topic } };
  const pull = { number: 4, title: 'Topic', author: 'ada', ...branches, mergeSha: merge };
  api.setPullRequest(pull, [{ path: 'templates/tool.yaml', status: 'added' }]);
});

/** What is cancelled is gone before it could do anything: no patience of a runner is short enough to be sure of that. */
const DIE_AT_ONCE = `--import=data:text/javascript,process.on('SIGINT',()=>process.kill(process.pid,'SIGKILL'))`;

/** Kills main in the middle of a step, with no time to end anything; then post runs. */
async function kill(inputs: Readonly<Record<string, string>>) {
  const time = await timeEnvironment(sandbox.control);
  const running = action.start({
    delivery: pullRequest(COMMITS),
    workspace: repository.root,
    serverUrl: SERVER,
    apiUrl: api.url,
    inputs: { 'aws-region': REGION, 'instance-profile': 'builder', 'poll-interval-seconds': '1', ...inputs },
    environment: { ...sandbox.environment, ...time, NODE_OPTIONS: `${time.NODE_OPTIONS ?? ''} ${DIE_AT_ONCE}` },
    onLine: (line) => {
      if (/step 1\/1 .*long/.test(line)) running.cancel();
    },
  });
  const { signals, exitCode, post } = await running.finished;
  expect({ signals, exitCode }).toEqual({ signals: ['SIGINT'], exitCode: undefined });
  const instances = await createCloud(REGION, {}).listInstances();
  return {
    conclusion: post?.conclusion,
    said: post?.log.join('\n') ?? '',
    summary: post?.summary,
    warnings: post?.annotations.map(({ message }) => message),
    left: instances.filter(({ state }) => state === 'running').map(({ role, heartbeatAt }) => ({ role, heartbeatAt })),
  };
}

const SAID = `⏹️ AMI layers: ended before it was done
\`3333333\` · [run #3](${SERVER}/octo-org/octo-repo/actions/runs/7002)

The job was cancelled or its \`timeout-minutes\` ran out, and it was killed before it could say what became of each layer. The log has what was done until then.

<sub>A re-run resumes: images that were finished are reused.</sub>
`;

test('post ends what a killed main step left, and says in its place what happened', async () => {
  const { said, left, ...post } = await kill({});
  expect(said).toMatch(/^The main step was killed .+ Looking for what it left\.\nTerminating i-\w+ in us-west-2\.$/m);
  expect(left).toEqual([]);
  expect(post).toEqual({ conclusion: 'success', summary: `## ${SAID}`, warnings: [] });
  expect(api.comments(4)[0]?.html_url).toMatch(`${SERVER}/`);
  expect(api.comments(4).map(({ body }) => body.split('\n').slice(1).join('\n'))).toEqual([`### ${SAID}`]);
});

test('with on-cancel: keep, the builder stays for the next run', async () => {
  const { said, left } = await kill({ 'on-cancel': 'keep', comment: 'never' });
  expect(said).toMatch(/^Leaving i-\w+ in us-west-2 to the next run\.$/m);
  expect(left).toEqual([{ role: 'builder', heartbeatAt: undefined }]);
});

test('post that may not ask AWS warns, and leaves the result of the job alone', async () => {
  await sandbox.control.addFault({
    kind: 'error',
    operation: 'DescribeInstances',
    call: 'every',
    code: 'UnauthorizedOperation',
    message: 'You are not authorized to perform this operation.',
    status: 403,
  });
  const { conclusion, annotations } = await runStep({
    script: resolve('build/src/main.js'),
    directory: repository.root,
    environment: {
      PATH: process.env.PATH ?? '',
      STATE_isPost: 'true',
      STATE_runToken: 'token',
      STATE_regions: JSON.stringify([REGION]),
      STATE_ended: 'with-leftovers',
      ...inputVariables(readActionFile(process.cwd()), {}, TOKEN),
      ...sandbox.environment,
    },
    temp: folder,
    masks: new Set(),
    onLine: () => undefined,
    signal: new AbortController().signal,
    grace: RUNNER_GRACE,
  });
  expect({ conclusion, warnings: annotations.map(({ message }) => message) }).toEqual({
    conclusion: 'success',
    warnings: [expect.stringMatching(/^what is left in us-west-2 could not be ended: .+ Fix: .+ own timer/)],
  });
});
