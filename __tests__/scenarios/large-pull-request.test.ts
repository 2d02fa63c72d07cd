import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { startGitHubApi, type GitHubApi } from '../../sandbox/github/api.js';
import { pullRequestEvent, type PullRequestState } from '../../sandbox/github/event.js';
import { startAction } from '../../sandbox/github/runner.js';
import { startSandbox, type Sandbox } from '../../sandbox/start.js';

const REPOSITORY = 'acme/images';
const TOKEN = 'ghs_secret';
const TEMPLATES = 400;
/** The others stand on these. */
const ROOTS = 12;
const MOST_WRITES = 20;
const MOST_REQUESTS = 60;
/** GitHub's, in characters and in bytes. */
const COMMENT_LIMIT = 65_536;
const SUMMARY_LIMIT = 1024 * 1024;

let folder: string;
let sandbox: Sandbox;
let api: GitHubApi;
let pull: PullRequestState;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'ami-large-'));
  sandbox = await startSandbox({ directory: join(folder, 'sandbox') });
  // The action as it is compiled; the bundle is made of the same files. Its post step would look for instances.
  const action = readFileSync('action.yml', 'utf8').replace(/^ +post: .*\n/m, '');
  writeFileSync(join(folder, 'action.yml'), action.replaceAll('dist/index.js', 'main.mjs'));
  writeFileSync(join(folder, 'main.mjs'), `import '${pathToFileURL(resolve('build/src/main.js')).href}';\n`);
  api = await startGitHubApi({ repository: REPOSITORY, token: TOKEN });
  pull = proposeLayers(join(folder, 'checkout'));
  api.setPullRequest(
    pull,
    names().map((name) => ({ path: pathOf(name), status: 'modified' })),
  );
});
afterAll(async () => {
  await api.stop();
  await sandbox.stop();
  rmSync(folder, { recursive: true });
});

const names = (): readonly string[] => Array.from({ length: TEMPLATES }, (_, index) => `layer-${index + 1}`);
const pathOf = (name: string): string => `templates/${name}.yaml`;

/** A checkout of GitHub's merge of a branch that changes every template. */
function proposeLayers(checkout: string): PullRequestState {
  const git = (...args: readonly string[]): string =>
    execFileSync('git', ['-C', checkout, '-c', 'user.name=Ada', '-c', 'user.email=ada@example.com', ...args], {
      encoding: 'utf8',
    }).trim();
  const commit = (version: number): string => {
    for (const [index, name] of names().entries()) {
      const parent = index < ROOTS ? '' : `extends: layer-${(index % ROOTS) + 1}\n`;
      writeFileSync(join(checkout, pathOf(name)), `${parent}provision: [{run: echo ${version}}]\n`);
    }
    git('add', '--all');
    git('commit', '--quiet', '--message', `Version ${version}`);
    return git('rev-parse', 'HEAD');
  };
  mkdirSync(join(checkout, 'templates'), { recursive: true });
  git('init', '--quiet', '--initial-branch=main');
  const base = commit(1);
  git('checkout', '--quiet', '-b', 'all');
  const head = commit(2);
  git('checkout', '--quiet', 'main');
  git('merge', '--quiet', '--no-ff', '--message', 'Merge', 'all');
  return {
    number: 7,
    title: 'Change everything',
    author: 'ada',
    base: { ref: 'main', sha: base },
    head: { ref: 'all', sha: head },
    mergeSha: git('rev-parse', 'HEAD'),
  };
}

/** One run of the action, and what it asked of GitHub. */
async function run(command: 'plan' | 'build', runNumber: number) {
  const before = api.requests.length;
  const result = await startAction({
    action: folder,
    workspace: join(folder, 'checkout'),
    inputs: { command, 'aws-region': 'us-west-2', 'instance-profile': 'builder', 'poll-interval-seconds': '0.2' },
    event: pullRequestEvent(REPOSITORY, pull),
    repository: REPOSITORY,
    token: TOKEN,
    apiUrl: api.url,
    runId: 7_000 + runNumber,
    runNumber,
    environment: { ...sandbox.environment, AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true' },
  }).finished;
  const requests = api.requests.slice(before);
  return { result, requests, writes: requests.filter((request) => !request.startsWith('GET ')) };
}

test('a plan of 400 changed templates writes one comment, which lists them all', async () => {
  const { result, requests, writes } = await run('plan', 1);
  expect(result.conclusion).toBe('success');
  expect(writes).toEqual([`POST /repos/${REPOSITORY}/issues/7/comments 201`]);
  expect(requests.length).toBeLessThanOrEqual(MOST_REQUESTS);
  const [comment] = api.comments(7);
  expect(comment?.body).toContain('### 📋 AMI layers: 400 to build\n');
  expect(comment?.body.match(/^\| `layer-\d+` \|/gm)).toHaveLength(TEMPLATES);
});

test('when not one of the 400 can be built, the comment stays one and within GitHub’s limits', async () => {
  await sandbox.control.addFault({
    kind: 'error',
    operation: 'RunInstances',
    call: 'every',
    code: 'UnauthorizedOperation',
    message: 'You are not authorized to perform this operation.',
    status: 403,
  });
  const { result, requests, writes } = await run('build', 2);
  expect(result.conclusion).toBe('failure');
  expect(writes.length).toBeLessThanOrEqual(MOST_WRITES);
  expect(requests.length).toBeLessThanOrEqual(MOST_REQUESTS);
  const comments = api.comments(7);
  expect(comments).toHaveLength(1);
  expect(comments[0]?.body).toContain('### ❌ AMI layers: 12 failed · 388 blocked\n');
  expect(comments[0]?.body.length).toBeLessThanOrEqual(COMMENT_LIMIT);
  expect(Buffer.byteLength(result.summary)).toBeLessThanOrEqual(SUMMARY_LIMIT);
  const errors = result.annotations.filter(({ level }) => level === 'error');
  expect(errors.length).toBeLessThanOrEqual(10);
  expect(errors.at(-2)?.message).toBe('and 4 more errors; the log has all of them');
  expect(errors.at(-1)?.message).toMatch(/A re-run resumes: 0 of 400 layers done\.$/);
});
