import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { startGitHubApi } from '../../sandbox/github/api.js';
import { startAction } from '../../sandbox/github/runner.js';
import { startCacheServer, type CacheServer } from '../../sandbox/github/cache-service.js';
import { createRepository, type Repository } from '../repository.js';
import { openRig, REGION, type Rig } from '../scenarios/rig.js';
import { NAME } from './origin.js';

const TOKEN = 'ghs_secret';
const SHA = 'c'.repeat(40);
const EVENT = {
  name: 'workflow_dispatch',
  payload: {},
  ref: 'refs/heads/topic',
  sha: SHA,
  actor: 'ada',
  baseRef: '',
  headRef: '',
};

let rig: Rig;
let cache: CacheServer;
let repository: Repository;
beforeAll(async () => {
  rig = await openRig();
  cache = await startCacheServer();
  repository = createRepository({
    'templates/good.yaml': 'provision: [{name: greet, run: echo hello}]\n',
    'templates/bad.yaml': 'provision:\n  - {name: break, run: echo no such package; exit 3}\n',
    'templates/child.yaml': 'extends: bad\nprovision: [{name: never, run: "true"}]\n',
  });
});
afterAll(async () => {
  repository.remove();
  await cache.stop();
  await rig.close();
});

/** A job of the run, by the files that a release ships, and what it comments. */
async function job(inputs: Readonly<Record<string, string>>) {
  const api = await startGitHubApi({ repository: NAME, token: TOKEN });
  const branches = { base: { ref: 'main', sha: SHA }, head: { ref: 'topic', sha: SHA } };
  api.setPullRequest({ number: 4, title: 'Topic', author: 'ada', ...branches, mergeSha: SHA }, []);
  const fast = { 'poll-interval-seconds': '0.05', 'instance-profile': 'builder', 'aws-region': REGION };
  const ended = await startAction({
    action: process.cwd(),
    event: EVENT,
    repository: NAME,
    token: TOKEN,
    runId: 7002,
    runNumber: 3,
    workspace: repository.root,
    // Elsewhere `@actions/cache` takes the server for a GitHub Enterprise Server, which has another cache.
    serverUrl: 'https://github.com',
    apiUrl: api.url,
    inputs: { ...fast, 'pr-number': '4', ...inputs },
    environment: { ...rig.sandbox.environment, ...cache.environment },
  }).finished;
  await api.stop();
  const [comment = ''] = api.comments(4).map(({ body }) => body.replaceAll('\u00a0', ' '));
  return { ...ended, comment };
}

test('after a job of a matrix has failed, the last one says what failed and why, and what that blocks', async () => {
  const shard = { comment: 'never', 'tag-latest': 'false' };
  const shards = await Promise.all([job({ ...shard, layers: 'good' }), job({ ...shard, layers: 'bad' })]);
  expect(shards.map(({ conclusion }) => conclusion)).toEqual(['success', 'failure']);

  const { conclusion, comment, summary, log, outputs } = await job({ command: 'plan' });
  expect(comment).toContain('### ❌ AMI layers: 1 failed · 1 blocked · 1 built\n');
  expect(comment).toMatch(/\| `child` \| ⏭️ blocked \| .* \| `bad` failed \|/);
  expect(comment).toContain('<b>bad</b>: step 1/1 &quot;break&quot; exited 3 (');
  expect(comment).toContain('templates/bad.yaml:2');
  expect(comment).toContain('no such package\n');
  expect(summary).toContain('## ❌ AMI layers: 1 failed · 1 blocked · 1 built\n');
  expect(log).toContain('❌ bad: step 1/1 "break" exited 3');
  // Of this step: it has planned, and that went well.
  expect({ conclusion, result: outputs.result, failed: outputs.failed }).toEqual({
    conclusion: 'success',
    result: 'success',
    failed: '[]',
  });
});
